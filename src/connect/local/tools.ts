import { constants } from 'node:fs';
import { access, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { CairnError, problem } from '../../model/diagnostic.ts';
import { redact } from '../../model/redact.ts';
import type { DownloadCall, RenderCall, Tools } from '../../model/tools.ts';
import { download } from '../http/download.ts';
import { childEnvironment } from '../kubernetes/child-environment.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface LocalToolsOptions {
  /** The project's root, absolute. */
  readonly root: string;
  readonly env: Env;
  /** Folders with programs named `NAME-VERSION`, after the PATH: where `steps/kind` keeps what it built. */
  readonly built?: readonly string[];
  /** Folder that keeps what was downloaded, by its sum; left out, nothing is kept. */
  readonly cache?: string;
  /** Milliseconds that a program may take; default 2 minutes. */
  readonly deadline?: number;
}

/** Files and programs of the machine that Cairn runs on. */
export class LocalTools implements Tools {
  readonly #options: LocalToolsOptions;

  constructor(options: LocalToolsOptions) {
    this.#options = options;
  }

  resolve(path: string): string {
    return resolve(this.#options.root, path);
  }

  shown(path: string): string {
    const inside = relative(this.#options.root, this.resolve(path));
    return inside.startsWith('..') || isAbsolute(inside) ? this.resolve(path) : inside || '.';
  }

  async kindOf(path: string): Promise<'file' | 'folder' | 'nothing'> {
    const found = await stat(this.resolve(path)).catch(() => null);
    if (!found) return 'nothing';
    return found.isDirectory() ? 'folder' : 'file';
  }

  async filesIn(folder: string): Promise<readonly string[]> {
    const entries = await readdir(this.resolve(folder), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(this.resolve(folder), join(entry.parentPath, entry.name)))
      .sort();
  }

  async read(path: string): Promise<string> {
    return Buffer.from(await this.bytes(path)).toString('utf8');
  }

  async bytes(path: string): Promise<Uint8Array> {
    try {
      return await readFile(this.resolve(path));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new CairnError(problem('file-missing', `${this.shown(path)} can't be read`, { detail: [why] }));
    }
  }

  async download(call: DownloadCall): Promise<Uint8Array> {
    return await download(call, this.#options);
  }

  async find(program: string): Promise<string | null> {
    for (const folder of (this.#options.env.PATH ?? '').split(':').filter(Boolean)) {
      const path = join(folder, program);
      if (await isProgram(path)) return path;
    }
    for (const folder of this.#options.built ?? []) {
      const names = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith(`${program}-v`));
      const newest = names.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))[0];
      if (newest !== undefined) return join(folder, newest);
    }
    return null;
  }

  async render({ program, argv, stdin, secretFile }: RenderCall): Promise<string> {
    const path = await this.find(program);
    if (path === null) throw new CairnError(missingTool(program));
    const options = {
      env: childEnvironment(this.#options.env),
      cwd: this.#options.root,
      stdin,
      deadline: this.#options.deadline ?? 120_000,
    };
    const ended = secretFile
      ? await withFile(secretFile.text, (file) => run(path, [...argv, secretFile.option, file], options))
      : await run(path, argv, options);
    if (ended.status === 0) return ended.stdout;
    throw new CairnError(
      problem('render-failed', `${[program, ...argv.slice(0, 1)].join(' ')} ${ended.how}`, {
        detail: lastLines(ended.stderr),
      }),
    );
  }
}

/** A program that this machine lacks, with what to do. */
function missingTool(program: string) {
  return problem('missing-tool', `the program ${program} is not on this machine's PATH`, {
    help: `install ${program}, and name it under tools: in the playbook so that lint says so`,
  });
}

interface Ended {
  readonly status: number | null;
  /** For people: `failed with exit code 1`. */
  readonly how: string;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly env: Env;
  readonly cwd: string;
  readonly stdin: string | undefined;
  readonly deadline: number;
}

async function run(path: string, argv: readonly string[], { env, cwd, stdin, deadline }: RunOptions): Promise<Ended> {
  // Loaded late: most commands run no program.
  const { spawn } = await import('node:child_process');
  return new Promise((done) => {
    const signal = AbortSignal.timeout(deadline);
    const child = spawn(path, argv, { env: { ...env }, cwd, stdio: 'pipe', signal, killSignal: 'SIGKILL' });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const end = (status: number | null, how: string): void =>
      done({ status, how, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', (error) =>
      end(null, signal.aborted ? `did not end within ${deadline / 1000} s` : `could not run: ${error.message}`),
    );
    child.on('close', (status, ended) => end(status, `failed with ${status === null ? ended : `exit code ${status}`}`));
    // A program that doesn't read its input closes the pipe, and says itself why it failed.
    child.stdin.on('error', () => {});
    child.stdin.end(stdin ?? '');
  });
}

/** A file that only its owner can read, for as long as `use` takes. */
async function withFile<T>(text: string, use: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-'));
  try {
    const file = join(folder, 'config.json');
    await writeFile(file, text, { mode: 0o600 });
    return await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function lastLines(text: string): readonly string[] {
  return redact(text)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-20);
}
