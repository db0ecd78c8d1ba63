import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { CairnError, problem } from '../model/diagnostic.ts';
import { reveal, type Secret } from '../model/secret.ts';

// Loading age takes tens of milliseconds, which a command that neither reads nor writes images need not pay.
const age = () => import('age-encryption');

/** A data key as the journal holds it: wrapped by age, which costs milliseconds, so that images cost microseconds. */
export interface WrappedKey {
  readonly id: string;
  readonly recipients: readonly string[];
  /** An age file, base64. */
  readonly wrapped: string;
}

// Given bytes, age makes a Response of them, for which Node loads all of fetch: 30 ms.
function streamOf(bytes: Buffer): ReadableStream<Uint8Array> {
  return ReadableStream.from([new Uint8Array(bytes)]);
}

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const nonceBytes = 12;
const tagBytes = 16;

/** Encrypts images with one key: AES-256-GCM, bound to where they belong. */
export class Sealer {
  readonly key: WrappedKey;
  readonly #plain: Buffer;

  constructor(key: WrappedKey, plain: Buffer) {
    this.key = key;
    this.#plain = plain;
  }

  /**
   * Makes a key and wraps it for the recipients (`age1…`).
   * @throws CairnError `journal-recipients` when there is none, or one isn't a recipient
   */
  static async create(recipients: readonly string[]): Promise<Sealer> {
    const plain = randomBytes(32);
    const wrapped = await wrap(plain, recipients);
    return new Sealer({ id: randomBytes(6).toString('hex'), recipients, wrapped }, plain);
  }

  /** @param place what the image belongs to; opening it elsewhere fails */
  seal(json: string, place: string): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#plain, nonce).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([nonce, cipher.update(json, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${this.key.id}.${sealed.toString('base64')}`;
  }
}

async function wrap(plain: Buffer, recipients: readonly string[]): Promise<string> {
  try {
    if (recipients.length === 0) throw new Error('the inventory names no age recipient');
    const { Encrypter } = await age();
    const encrypter = new Encrypter();
    for (const recipient of recipients) encrypter.addRecipient(recipient);
    return (await bytesOf(await encrypter.encrypt(streamOf(plain)))).toString('base64');
  } catch (error) {
    throw new CairnError(
      problem('journal-recipients', 'The journal has nobody to encrypt to, so nothing is changed', {
        detail: [error instanceof Error ? error.message : String(error)],
        help: 'name age recipients (age1…) in the inventory: journal.recipients',
      }),
    );
  }
}

/** Decrypts images; unwraps each key once. */
export class Opener {
  readonly #identities: readonly Secret[];
  readonly #keys = new Map<string, Buffer>();
  #newest: WrappedKey | undefined;

  constructor(identities: readonly Secret[]) {
    this.#identities = identities;
  }

  /** @throws CairnError `journal-sealed` when no identity here fits */
  async learn(key: WrappedKey): Promise<void> {
    this.#keys.set(key.id, await unwrap(key.wrapped, this.#identities));
    this.#newest = key;
  }

  /** The newest key again, if it is wrapped for exactly these recipients. */
  sealerFor(recipients: readonly string[]): Sealer | undefined {
    const key = this.#newest;
    const plain = key && this.#keys.get(key.id);
    const fits = key && key.recipients.toSorted().join() === recipients.toSorted().join();
    return fits && plain ? new Sealer(key, plain) : undefined;
  }

  /** @throws CairnError `journal-damaged` when it isn't what was sealed at that place */
  open(sealed: string, place: string): string {
    const dot = sealed.indexOf('.');
    const key = this.#keys.get(sealed.slice(0, dot));
    if (!key) throw damagedImage(place);
    const bytes = Buffer.from(sealed.slice(dot + 1), 'base64');
    try {
      const nonce = bytes.subarray(0, nonceBytes);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString('utf8');
    } catch {
      throw damagedImage(place);
    }
  }
}

function damagedImage(place: string): CairnError {
  return new CairnError(
    problem('journal-damaged', `An image in the journal is not what was written there: ${place}`, {
      help: 'restore the journal from a backup',
    }),
  );
}

async function unwrap(wrapped: string, identities: readonly Secret[]): Promise<Buffer> {
  try {
    const { Decrypter } = await age();
    const decrypter = new Decrypter();
    for (const identity of identities) decrypter.addIdentity(reveal(identity).trim());
    return await bytesOf(await decrypter.decrypt(streamOf(Buffer.from(wrapped, 'base64'))));
  } catch (error) {
    throw new CairnError(
      problem('journal-sealed', 'No age identity here can read the journal', {
        detail: [error instanceof Error ? error.message : String(error)],
        help: 'name the right identity in the inventory: journal.identities',
      }),
    );
  }
}
