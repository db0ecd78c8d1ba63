import type { Algorithms } from 'ssh2';
import { matchesOneOf } from './patterns.ts';

// No SHA-1, no CBC, no 3DES, no DSA, nothing without encrypt-then-MAC where the cipher needs a MAC.
const keyExchanges = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group-exchange-sha256',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group18-sha512',
  'diffie-hellman-group14-sha256',
] as const;
const ciphers = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'chacha20-poly1305@openssh.com',
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr',
] as const;
const macs = ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com'] as const;
const hostKeys = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const;

/** What ~/.ssh/config says of algorithms, by its keywords: a list, or one with +, - or ^ before it. */
export type AlgorithmWishes = Readonly<Partial<Record<AlgorithmKeyword, string>>>;
export const algorithmKeywords = ['KexAlgorithms', 'Ciphers', 'MACs', 'HostKeyAlgorithms'] as const;
type AlgorithmKeyword = (typeof algorithmKeywords)[number];

/**
 * What is offered to a server: strong ones alone, the types of keys that are known for it first, as OpenSSH orders them.
 * @param types as they stand in known_hosts: `ssh-rsa` signs by SHA-2
 * @throws Error that names a keyword whose list leaves none of them
 */
export function algorithmsFor(types: readonly string[], wishes: AlgorithmWishes = {}): Algorithms {
  const isKnown = (algorithm: string): boolean => types.includes(algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm);
  const of = <Name extends string>(keyword: AlgorithmKeyword, strong: readonly Name[]): Name[] =>
    narrowed(strong, keyword, wishes[keyword]);
  const serverHostKey = of('HostKeyAlgorithms', hostKeys).sort((a, b) => Number(isKnown(b)) - Number(isKnown(a)));
  return {
    kex: of('KexAlgorithms', keyExchanges),
    cipher: of('Ciphers', ciphers),
    hmac: of('MACs', macs),
    serverHostKey,
    compress: ['none'],
  };
}

// A list takes away and puts in order; it never adds to what is strong.
function narrowed<Name extends string>(strong: readonly Name[], keyword: string, wish = ''): Name[] {
  const [, sign = '', list = ''] = /^([+^-]?)(.*)$/.exec(wish) ?? [];
  const patterns = list.split(',').filter(Boolean);
  const isMeant = (name: string): boolean => matchesOneOf(patterns, name);
  const first = patterns.flatMap((pattern) => strong.filter((name) => name === pattern));
  const meant = [...new Set([...first, ...strong.filter(isMeant)])];
  if (patterns.length === 0 || sign === '+') return [...strong];
  const kept =
    sign === '-'
      ? strong.filter((name) => !isMeant(name))
      : sign === '^'
        ? [...meant, ...strong.filter((name) => !isMeant(name))]
        : meant;
  if (kept.length === 0) throw new Error(`${keyword} ${wish} leaves no algorithm that is strong enough`);
  return kept;
}
