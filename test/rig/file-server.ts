import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { reveal } from '../../src/model/secret.ts';
import { issueAuthority, issueCertificate } from '../../src/resources/kubernetes/issued/x509.ts';

/** A server on this machine with a certificate of its own authority. */
export interface FileServer {
  /** `https://localhost:PORT` */
  readonly origin: string;
  /** PEM of its authority. */
  readonly ca: string;
  close(): Promise<void>;
}

export async function startFileServer(answer: RequestListener): Promise<FileServer> {
  const authority = await issueAuthority(`files ${randomUUID()}`, 1);
  const issuer = { certificate: authority['tls.crt'], key: reveal(authority['tls.key']) };
  const issued = await issueCertificate({ hosts: ['localhost'], days: 1, authority: issuer });
  const server = createServer({ cert: issued['tls.crt'], key: reveal(issued['tls.key']) }, answer);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    origin: `https://localhost:${(server.address() as AddressInfo).port}`,
    ca: authority['tls.crt'],
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
