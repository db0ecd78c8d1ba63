import type { Algorithms } from 'ssh2';

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

/**
 * What is offered to a server: strong ones alone, the types of keys that are known for it first, as OpenSSH orders them.
 * @param types as they stand in known_hosts: `ssh-rsa` signs by SHA-2
 */
export function algorithmsFor(types: readonly string[]): Algorithms {
  const isKnown = (algorithm: string): boolean => types.includes(algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm);
  const serverHostKey = hostKeys.toSorted((a, b) => Number(isKnown(b)) - Number(isKnown(a)));
  return { kex: [...keyExchanges], cipher: [...ciphers], hmac: [...macs], serverHostKey, compress: ['none'] };
}
