import type { Client, ParsedKey } from 'ssh2';
import { type Certificate, ofCertificates } from './certificate.ts';
import { Parts, stringOf } from './wire.ts';

const certified = new WeakSet<ParsedKey>();

/** A key that shows its certificate in place of itself, for a connection that `offerCertificates` prepared. */
export function certifiedKey(key: ParsedKey, { blob }: Certificate): ParsedKey {
  const shown = Object.create(key, { getPublicSSH: { value: () => blob } }) as ParsedKey;
  certified.add(shown);
  return shown;
}

type Sign = (data: Buffer, signed: (signature: Buffer) => void) => void;

/** What ssh2 keeps to itself, as version 1.17.0 has it; `test/connect/ssh/certificates.test.ts` tries it on a real sshd. */
interface Protocol {
  authPK(user: string, key: ParsedKey, algorithm?: string, sign?: Sign): void;
  readonly _packetRW: { readonly write: PacketWriter };
}

interface PacketWriter {
  readonly allocStart: number;
  alloc(length: number): Buffer;
  finalize(packet: Buffer): Buffer;
}

/**
 * Lets a client offer certificates, which ssh2 doesn't know: the request names the certificate's algorithm, the signature in
 * it the plain key's.
 * @param client that `connect` was called on
 */
export function offerCertificates(client: Client): void {
  const protocol = (client as unknown as { readonly _protocol: Protocol })._protocol;
  const { authPK } = protocol;
  const naming = namingKeys(protocol);
  protocol.authPK = (user, key, algorithm, sign) => {
    if (!certified.has(key)) return authPK.call(protocol, user, key, algorithm, sign);
    const named = `${algorithm ?? key.type}${ofCertificates}`;
    return authPK.call(sign ? naming : protocol, user, key, named, sign);
  };
}

/** The same protocol, whose signed requests name the plain key's algorithm in the signature. */
function namingKeys(protocol: Protocol): Protocol {
  const write: PacketWriter = {
    allocStart: 0,
    alloc: (length) => Buffer.alloc(length),
    finalize: (request) => {
      const { write } = protocol._packetRW;
      const named = withKeyNamed(request);
      const packet = write.alloc(named.length);
      packet.set(named, write.allocStart);
      return write.finalize(packet);
    },
  };
  return new Proxy(protocol, {
    get: (target, name) => (name === '_packetRW' ? { ...target._packetRW, write } : Reflect.get(target, name)),
    set: (target, name, value) => Reflect.set(target, name, value),
  });
}

// A number, user, service, method, true, algorithm, key, signature (RFC 4252, 7).
function withKeyNamed(request: Buffer): Buffer {
  const parts = new Parts(request);
  parts.bytes(1);
  for (const _ of ['user', 'service', 'method']) parts.string();
  parts.bytes(1);
  for (const _ of ['algorithm', 'key']) parts.string();
  const signature = parts.string();
  const inside = new Parts(signature);
  const algorithm = inside.string().toString().slice(0, -ofCertificates.length);
  const named = Buffer.concat([stringOf(Buffer.from(algorithm)), stringOf(inside.string())]);
  return Buffer.concat([request.subarray(0, request.length - signature.length - 4), stringOf(named)]);
}
