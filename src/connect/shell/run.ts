import { CairnError, problem } from '../../model/diagnostic.ts';
import type { RunResult, RunSpec } from '../../model/host.ts';
import { revealText, Secret } from '../../model/secret.ts';
import type { PartResult } from './parts.ts';
import { printContent, quote, quoteAll, type ShellText } from './quote.ts';

/** Seconds that a command has from being asked to end until it is killed. */
const grace = 5;

export function secondsOf(spec: RunSpec, otherwise: number): number {
  return spec.timeout ?? otherwise;
}

/**
 * Runs a program in a process group of its own, with a deadline. Its environment and input are set inside of shell
 * text, which no other process sees.
 */
export function runBody(spec: RunSpec, otherwise: number): ShellText {
  const seconds = Math.max(1, Math.ceil(secondsOf(spec, otherwise)));
  const limited = `timeout -k ${grace} ${seconds} ${quoteAll(spec.argv)}`;
  const asUser = spec.user ? `su -s /bin/sh -c 'exec "$@"' -- ${quote(spec.user)} sh ${limited}` : limited;
  const cd = spec.cwd ? `cd -- ${quote(spec.cwd)} || exit 125; ` : '';
  const program = `( ${cd}umask 022; ${exportsOf(spec)}exec ${asUser} ) 8<&-`;
  const input = spec.stdin === undefined ? '' : `${printContent(inputOf(spec.stdin))} | `;
  return `{ ${input}${program}${input ? '' : ' </dev/null'} & mind; }`;
}

function inputOf(stdin: NonNullable<RunSpec['stdin']>): Uint8Array {
  const plain = stdin instanceof Secret ? revealText(stdin) : stdin;
  return typeof plain === 'string' ? Buffer.from(plain, 'utf8') : plain;
}

function exportsOf(spec: RunSpec): ShellText {
  return Object.entries(spec.env ?? {})
    .map(([name, value]) => `${checkName(name)}=${quote(revealText(value))}; export ${name}; `)
    .join('');
}

function checkName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new CairnError(problem('bad-variable', `${JSON.stringify(name)} can't be the name of an environment variable`));
}

/** What a run's part says. */
export function runResult(part: PartResult, seconds: number): RunResult {
  const ended = part.status === 124 || part.status === 128 + 9 || part.status === 128 + 15;
  return {
    status: part.status,
    stdout: part.stdout.toString('utf8'),
    stderr: part.stderr.toString('utf8'),
    timedOut: ended && part.ms >= seconds * 1000 - 100,
  };
}
