import { createHmac } from 'node:crypto';

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
  return names.startsWith('|') ? isHashOf(names, name) : matchesList(names, name);
}

// |1|salt|HMAC-SHA1 of the name|
function isHashOf(hashed: string, name: string): boolean {
  const [, version, salt, hash] = hashed.split('|');
  if (version !== '1' || !salt || !hash) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

// One that is negated rules the whole line out.
function matchesList(patterns: string, name: string): boolean {
  let isMatched = false;
  for (const pattern of patterns.toLowerCase().split(',')) {
    const isNegated = pattern.startsWith('!');
    if (!matches(isNegated ? pattern.slice(1) : pattern, name)) continue;
    if (isNegated) return false;
    isMatched = true;
  }
  return isMatched;
}

function matches(pattern: string, name: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name);
}
