import { execFile } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Suites that install packages and raise clusters run only where that is wanted. */
export const changesMachine = process.env.CI === 'true' || process.env.CAIRN_TEST_HOST === '1';
export const reason = changesMachine ? '' : ' (needs CAIRN_TEST_HOST=1 or CI=true: it changes this machine)';

export const root = join(import.meta.dirname, '..', '..');
const state = join(process.env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'cairn', 'kind');
export const kubeconfig = join(state, 'kubeconfig');
const auditLog = join(state, 'audit', 'audit.log');
/** Where the local inventory lets root of this machine find the uploader's password. */
export const passwordFile = join(state, '..', 'devpi-password');

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, for messages. */
  readonly said: string;
  readonly ms: number;
}

/** Runs `cairn` as a user would; its output also goes to the test's log folder. */
export function cairn(...words: readonly string[]): Promise<Ran> {
  return run(process.execPath, [join(root, 'bin', 'cairn.mjs'), ...words]);
}

/** Runs a program to its end, whatever its exit code. */
export function run(program: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const began = performance.now();
  return new Promise((resolve) => {
    execFile(
      program,
      [...words],
      { cwd: root, env: { ...process.env, ...env }, maxBuffer: 64 << 20 },
      (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
        const ms = performance.now() - began;
        keep(`$ ${program} ${words.join(' ')}\n${stdout}${stderr}[${code}, ${Math.round(ms)} ms]\n\n`);
        resolve({ code, stdout, stderr, said: `${stdout}${stderr}`, ms });
      },
    );
  });
}

const log = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cairn', 'test-logs');

function keep(text: string): void {
  mkdirSync(log, { recursive: true });
  appendFileSync(join(log, 'e2e.log'), text);
}

/** kubectl against the throw-away cluster, as an admin who isn't Cairn. */
export async function kubectl(...words: readonly string[]): Promise<Ran> {
  const program = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cairn', 'bin', kubectlName());
  return run(program, ['--kubeconfig', kubeconfig, ...words]);
}

/** A value of a Secret of the throw-away cluster, in plain text. */
export async function secretValue(namespace: string, name: string, key: string): Promise<string> {
  const { code, stdout, said } = await kubectl('-n', namespace, 'get', `secret/${name}`, '-o', 'json');
  if (code !== 0) throw new Error(said);
  const { data } = JSON.parse(stdout) as { readonly data: Readonly<Record<string, string>> };
  return Buffer.from(data[key] ?? '', 'base64').toString();
}

function kubectlName(): string {
  const table = readFileSync(join(root, 'roles', 'kind', 'files', 'binaries.txt'), 'utf8');
  return `kubectl-${/^kubectl\s+(\S+)/m.exec(table)?.[1]}`;
}

interface Audited {
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly userAgent?: string;
}

/** Where the API server's audit log ends now. */
export function auditMark(): number {
  return readFileSync(auditLog).length;
}

/** Requests since a mark that could have changed something: dry runs, reviews of rights and the lock's lease don't count. */
export function mutationsSince(mark: number, agent: RegExp): readonly string[] {
  return readFileSync(auditLog)
    .subarray(mark)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Audited)
    .filter(
      ({ userAgent, requestURI }) =>
        agent.test(userAgent ?? '') && !/dryRun=All|selfsubject|leases\/cairn|leases\?/.test(requestURI),
    )
    .map(({ verb, requestURI }) => `${verb} ${requestURI}`);
}
