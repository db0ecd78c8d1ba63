import { fingerprintOf, Parts, stringOf } from './wire.ts';

/** What the names of algorithms end in where a certificate stands for its key. */
export const ofCertificates = '-cert-v01@openssh.com';

/** A certificate of OpenSSH (its PROTOCOL.certkeys): a key, and who may use it for what, signed by an authority. */
export interface Certificate {
  /** As it goes to the server. */
  readonly blob: Buffer;
  /** The public key that it is about, as it stands in files without the certificate. */
  readonly key: Buffer;
  readonly isForUsers: boolean;
  /** Whom the server may take its holder for; none: anybody. */
  readonly principals: readonly string[];
  readonly from: Date;
  /** Undefined: for ever. */
  readonly until: Date | undefined;
  /** The authority's key, as `ssh-keygen -l` prints it. */
  readonly authority: string;
}

// How many strings the public key consists of.
const partsOf: Readonly<Record<string, number>> = {
  'ssh-ed25519': 1,
  'ssh-rsa': 2,
  'ecdsa-sha2-nistp256': 2,
  'ecdsa-sha2-nistp384': 2,
  'ecdsa-sha2-nistp521': 2,
};

/** Reads a certificate as it goes over the wire; undefined where it is none, or of a key that can't sign here. Pure. */
export function certificateIn(blob: Buffer): Certificate | undefined {
  try {
    return read(blob);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The same of the line of a file, `ssh-ed25519-cert-v01@openssh.com AAAA…`. */
export function certificateInFile(text: string): Certificate | undefined {
  return certificateIn(Buffer.from(text.trim().split(/\s+/)[1] ?? '', 'base64'));
}

function read(blob: Buffer): Certificate | undefined {
  const parts = new Parts(blob);
  const named = parts.string().toString();
  const type = named.slice(0, -ofCertificates.length);
  const count = partsOf[type];
  if (!named.endsWith(ofCertificates) || count === undefined) return undefined;
  parts.string(); // a nonce
  const key = Array.from({ length: count }, () => stringOf(parts.string()));
  parts.uint64(); // its number
  const sort = parts.uint32();
  parts.string(); // its name, for logs
  const principals = new Parts(parts.string());
  const from = timeOf(parts.uint64());
  const until = parts.uint64();
  for (const _ of ['critical options', 'extensions', 'reserved']) parts.string();
  return {
    blob,
    key: Buffer.concat([stringOf(Buffer.from(type)), ...key]),
    isForUsers: sort === 1,
    principals: stringsIn(principals),
    from,
    until: until === 2n ** 64n - 1n ? undefined : timeOf(until),
    authority: fingerprintOf(parts.string()),
  };
}

function stringsIn(parts: Parts): readonly string[] {
  const strings: string[] = [];
  while (!parts.isOver) strings.push(parts.string().toString());
  return strings;
}

// Later than any date that can be written is as good as the last one.
function timeOf(seconds: bigint): Date {
  return new Date(Number(seconds < 8_640_000_000_000n ? seconds : 8_640_000_000_000n) * 1000);
}
