import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  PemConverter,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { reveal } from '../../src/model/secret.ts';
import { issueAuthority } from '../../src/resources/kubernetes/issued/x509.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const hour = 3_600_000;

/** Makes the authority whose certificates the rig's API server takes from clients: `clients.crt`, `clients.key`. */
export async function writeClientAuthority(folder: string): Promise<void> {
  const authority = await issueAuthority('clients', 1);
  await writeFile(join(folder, 'clients.key'), reveal(authority['tls.key']), { mode: 0o600 });
  await writeFile(join(folder, 'clients.crt'), authority['tls.crt']);
}

/** A client's certificate and key, PEM. @param subject its groups and its name: `O=system:masters, CN=robot` */
export async function issueClient(folder: string, subject: string): Promise<{ cert: string; key: string }> {
  const [certificate = '', pem = ''] = await Promise.all(
    ['clients.crt', 'clients.key'].map((name) => readFile(join(folder, name), 'utf8')),
  );
  const { subtle } = webcrypto;
  const keys = (await subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const issued = await X509CertificateGenerator.create({
    subject,
    issuer: new X509Certificate(certificate).subject,
    publicKey: keys.publicKey,
    signingKey: await subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), algorithm, false, ['sign']),
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - hour),
    notAfter: new Date(Date.now() + hour),
    extensions: [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])],
  });
  const key = PemConverter.encode(await subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { cert: issued.toString('pem'), key };
}
