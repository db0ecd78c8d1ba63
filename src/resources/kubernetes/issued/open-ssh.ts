import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

/** A key pair as `ssh-keygen` writes it. */
export interface SshKeyPair {
  /** `-----BEGIN OPENSSH PRIVATE KEY-----`, without a passphrase. */
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA… COMMENT` */
  readonly publicKey: string;
}

const algorithm = 'ssh-ed25519';
const blockSize = 8;

/** Makes an Ed25519 key pair, in the format of OpenSSH's PROTOCOL.key. */
export function makeSshKeyPair(comment: string): SshKeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const point = rawOf(publicKey, 'x');
  const blob = Buffer.concat([text(algorithm), text(point)]);
  const check = randomBytes(4);
  const secret = Buffer.concat([
    check,
    check,
    blob,
    text(Buffer.concat([rawOf(privateKey, 'd'), point])),
    text(comment),
  ]);
  const padding = Buffer.from(Array.from({ length: -secret.length & (blockSize - 1) }, (_, index) => index + 1));
  const file = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    text('none'),
    text('none'),
    text(''),
    number(1),
    text(blob),
    text(Buffer.concat([secret, padding])),
  ]);
  const lines = file.toString('base64').match(/.{1,70}/g) ?? [];
  return {
    privateKey: ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n'),
    publicKey: `${algorithm} ${blob.toString('base64')} ${comment}`,
  };
}

/** Whether a private key in OpenSSH's format belongs to a public one. */
export function isSshKeyPair({ privateKey, publicKey }: SshKeyPair): boolean {
  const body = /^-----BEGIN OPENSSH PRIVATE KEY-----\n([\s\S]+?)\n-----END OPENSSH PRIVATE KEY-----\s*$/.exec(
    privateKey,
  );
  const file = Buffer.from(body?.[1] ?? '', 'base64');
  const blob = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
  if (blob.length === 0 || file.indexOf(blob) === -1) return false;
  const point = blob.subarray(-32);
  const at = file.lastIndexOf(point);
  const seed = file.subarray(at - 32, at);
  return seed.length === 32 && rawOf(createPublicKey(keyOf(seed)), 'x').equals(point);
}

// PKCS #8 of RFC 8410: nothing but these bytes stands before the seed.
function keyOf(seed: Buffer): KeyObject {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  return createPrivateKey({ key: Buffer.concat([prefix, seed]), format: 'der', type: 'pkcs8' });
}

function rawOf(key: KeyObject, part: 'x' | 'd'): Buffer {
  return Buffer.from(key.export({ format: 'jwk' })[part] ?? '', 'base64url');
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function text(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([number(bytes.length), bytes]);
}
