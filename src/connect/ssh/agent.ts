import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { BaseAgent, IdentityCallback, ParsedKey, SignCallback } from 'ssh2';
import { ssh2 } from './ssh2.ts';
import { Parts } from './wire.ts';

type PublicKey = string | Buffer | ParsedKey;

/** Milliseconds for an agent to say what it holds. */
const patience = 5_000;

/** An agent, and the public keys and certificates that it holds, as they go over the wire. */
export interface HeldKeys {
  /** Undefined: there is none that answers. */
  readonly agent?: BaseAgent;
  readonly blobs: readonly Buffer[];
  readonly notes: readonly string[];
}

/** What the agent behind a socket holds. ssh2 would leave out certificates. One that isn't there holds nothing. */
export async function keysHeld(socket: string | undefined): Promise<HeldKeys> {
  if (socket === undefined) return { blobs: [], notes: [] };
  try {
    return { agent: ssh2.createAgent(socket), blobs: blobsIn(new Parts(await askAgent(socket))), notes: [] };
  } catch (error) {
    return { blobs: [], notes: [`the agent at ${socket} holds nothing that is of use: ${(error as Error).message}`] };
  }
}

function blobsIn(answer: Parts): readonly Buffer[] {
  // SSH_AGENT_IDENTITIES_ANSWER; anything else is a refusal.
  if (answer.bytes(1)[0] !== 12) throw new Error('it refuses to say what it holds');
  return Array.from({ length: answer.uint32() }, () => {
    const blob = answer.string();
    answer.string(); // a comment
    return blob;
  });
}

/** The plain public keys among them. */
export function plainKeys({ blobs }: HeldKeys): readonly OfferedKey[] {
  return blobs.flatMap((signer) => {
    const key = ssh2.utils.parseKey(signer);
    return key instanceof Error ? [] : [{ key, signer }];
  });
}

/** The public key of a file, as ssh looks for it: `id.pub` beside `id`, or the file itself; locked ones say theirs, too. */
export async function publicKeyOf(file: string): Promise<Buffer | undefined> {
  for (const path of [`${file}.pub`, file]) {
    const key = ssh2.utils.parseKey(await readFile(path).catch(() => Buffer.alloc(0)));
    if (!(key instanceof Error)) return key.getPublicSSH();
  }
  return undefined;
}

/** A key that is offered, and the bytes by which the agent knows the one that signs for it. */
export interface OfferedKey {
  readonly key: ParsedKey;
  readonly signer: Buffer;
}

/** Of what an agent holds, only these, in this order. */
export class SomeKeys extends ssh2.BaseAgent {
  readonly #agent: BaseAgent;
  readonly #offered: readonly OfferedKey[];

  constructor(agent: BaseAgent, offered: readonly OfferedKey[]) {
    super();
    this.#agent = agent;
    this.#offered = offered;
  }

  override getIdentities(heard: IdentityCallback<PublicKey>): void {
    heard(
      undefined,
      this.#offered.map(({ key }) => key),
    );
  }

  override sign(key: PublicKey, data: Buffer, ...more: readonly unknown[]): void {
    const [options, signed] = more.length > 1 ? more : [{}, more[0]];
    const signer = this.#offered.find((one) => one.key === key)?.signer;
    const asked = signer && Object.create(key as ParsedKey, { getPublicSSH: { value: () => signer } });
    this.#agent.sign(asked ?? key, data, options as object, signed as SignCallback);
  }
}

// SSH_AGENTC_REQUEST_IDENTITIES: https://datatracker.ietf.org/doc/html/draft-miller-ssh-agent
function askAgent(socket: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const stream = connect(socket);
    let heard = Buffer.alloc(0);
    stream.setTimeout(patience, () => stream.destroy(new Error(`it says nothing for ${patience / 1000} s`)));
    stream.once('error', reject);
    stream.once('close', () => reject(new Error('it closed the connection')));
    stream.on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk]);
      if (heard.length < 4 || heard.length < 4 + heard.readUInt32BE()) return;
      resolve(heard.subarray(4, 4 + heard.readUInt32BE()));
      stream.destroy();
    });
    stream.write(Buffer.from([0, 0, 0, 1, 11]));
  });
}
