import { createHmac, randomBytes } from 'node:crypto';
import { matchesOneOf } from './patterns.ts';

/** One line of a known_hosts file: https://man.openbsd.org/sshd.8#SSH_KNOWN_HOSTS_FILE_FORMAT */
export interface KnownHost {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly marker?: 'revoked' | 'cert-authority';
  /** The first field: patterns, or one hashed name. */
  readonly names: string;
  /** `ssh-ed25519`. */
  readonly type: string;
  /** Base64. */
  readonly key: string;
}

/** Reads a known_hosts file. What OpenSSH doesn't understand either is left out. Pure. */
export function parseKnownHosts(text: string, file: string): readonly KnownHost[] {
  return text.split('\n').flatMap((raw, at) => {
    const fields = raw.trim().split(/\s+/);
    const marked = fields[0]?.startsWith('@') ? fields.shift() : undefined;
    const [names, type, key] = fields;
    if (!names || names.startsWith('#') || !type || !key || typeIn(key) !== type) return [];
    const marker = marked?.slice(1);
    if (marker !== undefined && marker !== 'revoked' && marker !== 'cert-authority') return [];
    return [{ file, line: at + 1, names, type, key, ...(marker === undefined ? {} : { marker }) }];
  });
}

/** The type that a key says of itself, base64 as it stands in files; undefined where it is no key. */
export function typeIn(key: string): string | undefined {
  const bytes = Buffer.from(key, 'base64');
  if (bytes.length < 4) return undefined;
  const length = bytes.readUInt32BE(0);
  return length > 0 && length <= bytes.length - 4 ? bytes.toString('latin1', 4, 4 + length) : undefined;
}

/** What a server is called in known_hosts: the port stands there where it isn't 22. */
export function nameOf(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/** True when a line is about a server of this name. */
export function isAbout({ names }: KnownHost, name: string): boolean {
  return names.startsWith('|') ? isHashOf(names, name) : matchesOneOf(names.toLowerCase().split(','), name);
}

/** A name as known_hosts hides it. @param salt 20 bytes */
export function hashOf(name: string, salt: Buffer = randomBytes(20)): string {
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

function isHashOf(hashed: string, name: string): boolean {
  const [, version, salt] = hashed.split('|');
  return version === '1' && Boolean(salt) && hashOf(name, Buffer.from(salt ?? '', 'base64')) === hashed;
}
