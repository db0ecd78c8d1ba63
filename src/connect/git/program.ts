import { spawn } from 'node:child_process';
import { CairnError, problem } from '../../model/diagnostic.ts';

// Milliseconds: a big repository takes long to fetch the first time.
const deadline = 10 * 60_000;

export interface GitCall {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

export interface GitResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `git` with nothing of the caller's settings. Secrets go by files that `env` names, never by arguments. */
export async function runGit({ args, env, stdin = '' }: GitCall): Promise<GitResult> {
  return await new Promise((resolve, reject) => {
    const child = spawn('git', args, { env: { ...quiet, ...env }, timeout: deadline });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => out.push(data));
    child.stderr.on('data', (data: Buffer) => err.push(data));
    child.once('error', () => reject(missing()));
    child.once('close', (code) => {
      resolve({ status: code ?? 1, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
    // It may end without having read all.
    child.stdin.on('error', () => {});
    child.stdin.end(stdin);
  });
}

const quiet = {
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ALLOW_PROTOCOL: 'ssh',
};

function missing(): CairnError {
  return new CairnError(
    problem('git-missing', 'this machine has no git', { help: 'install git and an OpenSSH client where Cairn runs' }),
  );
}
