import { readFile } from 'node:fs/promises';
import ssh2, {
  type BaseAgent,
  type IdentityCallback,
  type ParsedKey,
  type PublicKeyEntry,
  type SignCallback,
} from 'ssh2';

type PublicKey = string | Buffer | ParsedKey;

/**
 * The agent behind a socket.
 * @param files of all keys that it holds, offer only those whose public keys lie beside these; everything without it
 */
export async function agentOf(socket: string, files?: readonly string[]): Promise<BaseAgent> {
  const agent = ssh2.createAgent(socket);
  if (!files) return agent;
  const keys = await Promise.all(files.map(publicKeyOf));
  return new SomeKeys(agent, new Set(keys.filter((key) => key !== undefined)));
}

/** Of what an agent holds, only some. */
class SomeKeys extends ssh2.BaseAgent {
  readonly #agent: BaseAgent;
  readonly #meant: ReadonlySet<string>;

  constructor(agent: BaseAgent, meant: ReadonlySet<string>) {
    super();
    this.#agent = agent;
    this.#meant = meant;
  }

  override getIdentities(heard: IdentityCallback<PublicKey>): void {
    // An agent that isn't there holds nothing, and the key may lie in the file.
    if (this.#meant.size === 0) heard(undefined, []);
    else
      this.#agent.getIdentities((error, keys) =>
        heard(
          error,
          keys?.filter((key) => this.#meant.has(blobOf(key))),
        ),
      );
  }

  override sign(key: PublicKey, data: Buffer, ...more: readonly unknown[]): void {
    const [options, signed] = more.length > 1 ? more : [{}, more[0]];
    this.#agent.sign(key, data, options as object, signed as SignCallback);
  }
}

// As ssh does: `id.pub` beside `id`, or the file itself where it is the public key; ones that are locked say theirs, too.
async function publicKeyOf(file: string): Promise<string | undefined> {
  for (const path of [`${file}.pub`, file]) {
    const key = ssh2.utils.parseKey(await readFile(path).catch(() => Buffer.alloc(0)));
    if (!(key instanceof Error)) return blobOf(key);
  }
  return undefined;
}

function blobOf(key: PublicKey | PublicKeyEntry): string {
  if (typeof key === 'string') return key;
  if ('pubKey' in key)
    return blobOf('pubKey' in Object(key.pubKey) ? (key.pubKey as PublicKeyEntry) : (key.pubKey as ParsedKey));
  return (Buffer.isBuffer(key) ? key : key.getPublicSSH()).toString('base64');
}
