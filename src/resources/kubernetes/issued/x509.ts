import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { Secret } from '../../../model/secret.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const day = 86_400_000;
// Clocks of clients may be a little behind.
const slack = 3_600_000;

type Issued = {
  readonly 'tls.crt': string;
  readonly 'tls.key': Secret;
};

/** A self-signed authority, PEM; EC keys on P-256. */
export async function issueAuthority(commonName: string, days: number): Promise<Issued> {
  const keys = await makeKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    keys,
    signingAlgorithm: algorithm,
    ...validity(days),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { 'tls.crt': certificate.toString('pem'), 'tls.key': await exportKey(keys) };
}

/** A server certificate with its authority's behind it, PEM. */
export async function issueCertificate(spec: {
  readonly hosts: readonly string[];
  readonly days: number;
  readonly authority: { readonly certificate: string; readonly key: string };
}): Promise<Issued> {
  const keys = await makeKeys();
  const issuer = new X509Certificate(spec.authority.certificate);
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${spec.hosts[0] ?? ''}`,
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await importKey(spec.authority.key),
    signingAlgorithm: algorithm,
    ...validity(spec.days),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(spec.hosts.map((value) => ({ type: 'dns', value }))),
    ],
  });
  return { 'tls.crt': `${certificate.toString('pem')}\n${issuer.toString('pem')}\n`, 'tls.key': await exportKey(keys) };
}

function validity(days: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - slack), notAfter: new Date(now + days * day) };
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
}

async function exportKey({ privateKey }: webcrypto.CryptoKeyPair): Promise<Secret> {
  return new Secret(PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY'));
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), algorithm, false, ['sign']);
}
