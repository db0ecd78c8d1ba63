import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { CairnError, problem } from '../model/diagnostic.ts';
import { reveal, type Secret } from '../model/secret.ts';

/** A data key wrapped for the inventory's age recipients; one a process that writes. */
export interface WrappedKey {
  readonly id: string;
  /** An age file, base64. */
  readonly wrapped: string;
}

const nonceBytes = 12;
const tagBytes = 16;

/** Encrypts images with one key: AES-256-GCM, bound to where they belong. */
export class Sealer {
  readonly key: WrappedKey;
  readonly #key: Buffer;

  private constructor(key: WrappedKey, plain: Buffer) {
    this.key = key;
    this.#key = plain;
  }

  /** Makes a key and wraps it for the recipients (`age1…`). */
  static async create(recipients: readonly string[]): Promise<Sealer> {
    const { Encrypter } = await import('age-encryption');
    const encrypter = new Encrypter();
    for (const recipient of recipients) encrypter.addRecipient(recipient);
    const plain = randomBytes(32);
    const wrapped = await encrypter.encrypt(new Uint8Array(plain));
    return new Sealer({ id: randomBytes(6).toString('hex'), wrapped: Buffer.from(wrapped).toString('base64') }, plain);
  }

  /** @param place what the image belongs to; opening it elsewhere fails */
  seal(json: string, place: string): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([nonce, cipher.update(json, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${this.key.id}.${sealed.toString('base64')}`;
  }
}

/** Decrypts images; unwraps each key once. */
export class Opener {
  readonly #identities: readonly Secret[];
  readonly #wrapped = new Map<string, string>();
  readonly #keys = new Map<string, Buffer>();

  constructor(identities: readonly Secret[]) {
    this.#identities = identities;
  }

  learn(key: WrappedKey): void {
    this.#wrapped.set(key.id, key.wrapped);
  }

  /** @throws CairnError `journal-sealed` when no identity here fits, `journal-damaged` when the image isn't what was sealed there */
  async open(sealed: string, place: string): Promise<string> {
    const dot = sealed.indexOf('.');
    const key = await this.#key(sealed.slice(0, dot));
    const bytes = Buffer.from(sealed.slice(dot + 1), 'base64');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes)).setAAD(Buffer.from(place));
      decipher.setAuthTag(bytes.subarray(-tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString('utf8');
    } catch {
      throw new CairnError(
        problem('journal-damaged', `a before-image in the journal is not what was written: ${place}`),
      );
    }
  }

  async #key(id: string): Promise<Buffer> {
    const known = this.#keys.get(id);
    if (known) return known;
    const wrapped = this.#wrapped.get(id);
    if (wrapped === undefined) throw new CairnError(problem('journal-damaged', `the journal holds no key ${id}`));
    const key = await this.#unwrap(wrapped);
    this.#keys.set(id, key);
    return key;
  }

  async #unwrap(wrapped: string): Promise<Buffer> {
    const { Decrypter } = await import('age-encryption');
    try {
      const decrypter = new Decrypter();
      for (const identity of this.#identities) decrypter.addIdentity(reveal(identity).trim());
      return Buffer.from(await decrypter.decrypt(new Uint8Array(Buffer.from(wrapped, 'base64'))));
    } catch (error) {
      throw new CairnError(
        problem('journal-sealed', 'no age identity here can read the journal', {
          detail: [error instanceof Error ? error.message : String(error)],
          help: 'name the right identity in the inventory (journal.identities)',
        }),
      );
    }
  }
}
