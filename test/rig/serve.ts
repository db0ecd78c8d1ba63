import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Http, HttpRequest } from '../../src/model/http.ts';

/** A fake behind a real door: HTTP on loopback. */
export interface Served {
  /** `http://127.0.0.1:40123` */
  readonly url: string;
  stop(): Promise<void>;
}

/** Lets a fake answer on a port of this machine. */
export async function serve(fake: Http): Promise<Served> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const method = request.method as NonNullable<HttpRequest['method']>;
      const body = Buffer.concat(chunks).toString();
      const answer = await fake
        .send(`${url}${request.url}`, { method, headers, body })
        .catch((error: unknown) => ({ status: 500, headers: {}, body: String(error) }));
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, stop: () => new Promise<void>((resolve) => void server.close(() => resolve())) };
}
