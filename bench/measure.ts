import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Command {
  readonly program: string;
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Seconds that a command takes. Rejects when it fails, with the end of what it said. */
export async function secondsOf(command: Command): Promise<number> {
  const began = performance.now();
  await output(command);
  return (performance.now() - began) / 1000;
}

/** What a run of a program costs. */
export interface Cost {
  readonly seconds: number;
  /** Seconds of the processor, the program's and its children's that it waited for. */
  readonly cpu: number;
}

/** The same with the time of the processor. */
export async function costOf({ program, words, ...rest }: Command): Promise<Cost> {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-times-'));
  const file = join(folder, 'times');
  try {
    const script = '"$@"; code=$?; times >"$0"; exit $code';
    const seconds = await secondsOf({ program: 'sh', words: ['-c', script, file, program, ...words], ...rest });
    return { seconds, cpu: cpuIn(readFileSync(file, 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// The second line is of the children: `0m1.230000s 0m0.450000s`.
function cpuIn(times: string): number {
  const found = times.split('\n')[1]?.matchAll(/(\d+)m([\d.]+)s/g) ?? [];
  return [...found].reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

/** The same of a Node program, with the most memory that it had resident, in MiB. */
export async function secondsAndMemoryOf(command: Command): Promise<{ seconds: number; mebibytes: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-memory-'));
  const file = join(folder, 'kibibytes');
  const code = `import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync(${JSON.stringify(file)},String(process.resourceUsage().maxRSS)))`;
  try {
    const words = ['--import', `data:text/javascript,${code}`, ...command.words];
    const seconds = await secondsOf({ ...command, words });
    return { seconds, mebibytes: Number(readFileSync(file, 'utf8')) / 1024 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a command says on stdout. Rejects when it fails. */
export function output({ program, words, cwd, env = {} }: Command): Promise<string> {
  const child = spawn(program, words, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(said.stdout);
      else
        reject(
          new Error(`${program} ${words.join(' ')} ended with ${code}:\n${(said.stdout + said.stderr).slice(-2_000)}`),
        );
    });
  });
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
