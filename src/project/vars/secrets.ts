import { readFileSync, statSync } from 'node:fs';
import { CairnError, problem } from '../../model/diagnostic.ts';
import { reveal, Secret } from '../../model/secret.ts';
import { type Files, pathFrom } from '../yaml/files.ts';
import type { SecretNode } from '../yaml/node.ts';

const shortest = 8;

/** Reads secrets where they are kept, each once. Problems are noted when a secret is asked for, not before. */
export class Secrets {
  readonly #files: Files;
  readonly #opened = new Map<string, Uint8Array | CairnError>();

  constructor(files: Files) {
    this.#files = files;
  }

  /** Decrypts what age keeps: the only secrets that can't be read at once. */
  async open(nodes: Iterable<SecretNode>, identities: readonly Secret[]): Promise<void> {
    for (const { from, name } of nodes) {
      if (from !== 'age' || this.#opened.has(name)) continue;
      this.#opened.set(name, await decrypt(this.#files, name, identities));
    }
  }

  /** The secret, undefined where there is none: then a problem is noted. */
  read(node: SecretNode): Secret | undefined {
    try {
      const text = this.#read(node);
      if (text.length < shortest) this.#warnShort(node);
      return new Secret(text);
    } catch (error) {
      if (!(error instanceof CairnError)) throw error;
      for (const one of error.diagnostics) this.#files.problems.add({ ...one, source: node.source });
      return undefined;
    }
  }

  #read(node: SecretNode): string {
    if (node.from === 'env') return fromEnv(this.#files, node.name);
    if (node.from === 'k8s') throw inCluster(node.name);
    if (node.from === 'file') {
      this.#warnMode(node);
      return withoutLastBreak(readSecretFile(this.#files, node.name).toString('utf8'));
    }
    const opened = this.#opened.get(node.name);
    if (opened instanceof Uint8Array) return withoutLastBreak(Buffer.from(opened).toString('utf8'));
    throw opened ?? new CairnError(problem('secret-age', `age:${node.name} can't be used here`));
  }

  #warnShort({ from, name, source }: SecretNode): void {
    const summary = `secret ${from}:${name} is shorter than ${shortest} characters`;
    this.#files.problems.warn(
      'short-secret',
      summary,
      source,
      'it can be kept out of logs only by care; choose a longer one',
    );
  }

  #warnMode({ name, source }: SecretNode): void {
    const path = pathFrom(this.#files, name);
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
    if ((mode & 0o077) === 0) return;
    this.#files.problems.warn('open-secret', `secret file:${name} can be read by others`, source, `chmod 600 ${path}`);
  }
}

// Known only while a run goes on; a value of the project is known before it begins.
function inCluster(name: string): CairnError {
  return new CairnError(
    problem('secret-in-cluster', `secret k8s:${name} can't be read before a run`, {
      help: 'passwords in endpoints.yaml may stand in a cluster; a step reads others by k8s.existing.secret',
    }),
  );
}

function fromEnv({ env }: Files, name: string): string {
  const text = env[name];
  if (text) return text;
  throw new CairnError(
    problem('secret-missing', `secret env:${name} is not set`, {
      help: `export ${name}, or point the secret elsewhere`,
    }),
  );
}

function readSecretFile(files: Files, name: string): Buffer {
  const path = pathFrom(files, name);
  try {
    return readFileSync(path);
  } catch {
    throw new CairnError(
      problem('secret-missing', `secret file ${path} cannot be read`, {
        help: 'put the file there, or point the secret elsewhere',
      }),
    );
  }
}

async function decrypt(files: Files, name: string, identities: readonly Secret[]): Promise<Uint8Array | CairnError> {
  try {
    const sealed = readSecretFile(files, name);
    // Loaded late: most projects have no such secret.
    const { Decrypter } = await import('age-encryption');
    const decrypter = new Decrypter();
    for (const identity of identities) decrypter.addIdentity(reveal(identity));
    return await decrypter.decrypt(sealed);
  } catch (error) {
    if (error instanceof CairnError) return error;
    const summary = `secret age:${name} can't be decrypted by ${identities.length === 0 ? 'anybody: there are no identities' : 'the identities given here'}`;
    const help = 'name one that can in inventory.yaml, under journal.identities';
    return new CairnError(problem('secret-undecryptable', summary, { help }));
  }
}

function withoutLastBreak(text: string): string {
  return text.replace(/\r?\n$/, '');
}
