import { readFile } from 'node:fs/promises';
import type { ParsedKey } from 'ssh2';
import type { OfferedKey } from './agent.ts';
import { type Certificate, certificateIn, certificateInFile } from './certificate.ts';
import { certifiedKey } from './certified.ts';
import type { SshSettings } from './settings.ts';
import { ssh2 } from './ssh2.ts';

/** A certificate of a user, and where it lies. */
export interface FoundCertificate extends Certificate {
  /** A file, or that the agent holds it: for people. */
  readonly place: string;
}

/** Certificates to offer, and what is wrong with what holds none. */
export interface Certificates {
  readonly found: readonly FoundCertificate[];
  readonly notes: readonly string[];
}

/** Those that are named, that lie beside the key files, and that an agent holds. @param held what an agent holds */
export async function certificatesOf(
  { certificates: named, identityFiles }: SshSettings,
  held: readonly Buffer[],
): Promise<Certificates> {
  const beside = identityFiles.map((file) => `${file.replace(/\.pub$/, '')}-cert.pub`);
  const files = await Promise.all(
    [...new Set([...named, ...beside])].map((place) => inFile(place, named.includes(place))),
  );
  const inAgent = held.map(certificateIn).map((one) => one && { ...one, place: 'a certificate that the agent holds' });
  const all = [...files, ...inAgent].filter((one) => one !== undefined);
  const notes = all.filter((one) => typeof one === 'string');
  const found = all.filter((one) => typeof one !== 'string');
  const first = found.filter((one, at) => found.findIndex(({ blob }) => blob.equals(one.blob)) === at);
  const others = first.filter(({ isForUsers }) => !isForUsers).map(({ place }) => `${place} is one of a host`);
  return { found: first.filter(({ isForUsers }) => isForUsers), notes: [...notes, ...others] };
}

async function inFile(place: string, isNamed: boolean): Promise<FoundCertificate | string | undefined> {
  try {
    const certificate = certificateInFile(await readFile(place, 'utf8'));
    return certificate ? { ...certificate, place } : `${place} holds no certificate of a key that can sign here`;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' && !isNamed ? undefined : `${place} can't be read: ${message}`;
  }
}

/** The private key of a file that shows a certificate; undefined where it is about none of them. */
export function keyWith(certificate: Certificate, keys: readonly ParsedKey[]): ParsedKey | undefined {
  const key = keys.find((one) => one.isPrivateKey() && one.getPublicSSH().equals(certificate.key));
  return key && certifiedKey(key, certificate);
}

/** The same of a key that an agent holds, alone or together with the certificate. */
export function heldWith(certificate: Certificate, blobs: readonly Buffer[]): OfferedKey | undefined {
  const signer = [certificate.blob, certificate.key].find((bytes) => blobs.some((one) => one.equals(bytes)));
  const key = ssh2.utils.parseKey(certificate.key);
  return signer && !(key instanceof Error) ? { key: certifiedKey(key, certificate), signer } : undefined;
}

/**
 * What to say of a certificate, where nobody was let in.
 * @param isOffered its private key was there
 * @param now by the clock of this machine
 */
export function noteOf(certificate: FoundCertificate, user: string, isOffered: boolean, now = new Date()): string {
  const { place, principals, from, until, authority } = certificate;
  if (!isOffered) return `${place} was not offered: its private key is in no key file and no agent`;
  if (until && until <= now) return `${place} expired on ${until.toISOString()}: have it renewed`;
  if (from > now) return `${place} counts from ${from.toISOString()} on: look at the clock of this machine`;
  return principals.length === 0 || principals.includes(user)
    ? `${place} was offered; look whether the server trusts its authority ${authority} (TrustedUserCAKeys)`
    : `${place} was offered; it is for ${principals.join(', ')}, not for ${user}`;
}
