import type { Diagnostic } from '../../model/diagnostic.ts';
import type { HostFacts, RunResult } from '../../model/host.ts';
import { clean, padTo, widthOf } from '../measure.ts';
import { count, size } from '../units.ts';

interface Answered<T> {
  readonly host: string;
  readonly is: 'answered';
  readonly answer: T;
}

interface FetchedFile {
  readonly file: string;
  readonly bytes: number;
  readonly is: 'fetched' | 'unchanged';
}

interface Silent {
  readonly host: string;
  readonly is: 'unreachable' | 'failed';
  readonly why: readonly Diagnostic[];
}

/** What a command printed on a host, each line behind the host's name, by stream. */
export function execLines(result: Answered<RunResult> | Silent): {
  readonly out: readonly string[];
  readonly err: readonly string[];
} {
  if (result.is !== 'answered') return { out: [], err: whyLines(result) };
  const { host, answer } = result;
  const { status, stdout, stderr, timedOut } = answer;
  const ending = timedOut ? 'took too long and was ended' : `ended with ${status}`;
  const end = status === 0 && !timedOut ? [] : [`${host}: ${ending}`];
  return { out: linesOf(host, stdout), err: [...linesOf(host, stderr), ...end] };
}

/** `web1  /home/ada/fetched/web1/etc/motd  1.2 KiB`. */
export function fetchedLine({ host, answer }: Answered<FetchedFile>): string {
  return clean(`${host}  ${answer.file}  ${answer.is === 'unchanged' ? 'unchanged' : size(answer.bytes)}`);
}

/** `3 hosts: 2 well, 1 not`. */
export function execSum(all: number, good: number): string {
  const bad = all - good;
  return `${count(all, 'host')}: ${good} well${bad > 0 ? `, ${bad} not` : ''}`;
}

/** Why a host gave no answer. */
export function whyLines({ host, is, why }: Silent): readonly string[] {
  return why.flatMap((one, i) => [
    `${host}: ${i === 0 && is === 'unreachable' ? 'unreachable: ' : ''}${clean(one.summary)}`,
    ...[...(one.detail ?? []), ...(one.help?.split('\n') ?? [])].map((line) => `  ${clean(line)}`),
  ]);
}

const columns = ['host', 'hostname', 'os', 'arch', 'init'] as const;

/** Facts as a table, a line a host. Ends without a newline. */
export function factsView(answered: readonly Answered<HostFacts>[]): string {
  const rows = answered.map(({ host, answer: { hostname, os, osVersion, arch, init } }) =>
    [host, hostname, `${os} ${osVersion}`.trim(), arch, init].map(clean),
  );
  const table = [columns, ...rows];
  const widths = columns.map((_, i) => Math.max(...table.map((row) => widthOf(row[i] ?? ''))));
  return table
    .map((row) =>
      row
        .map((cell, i) => padTo(cell, (widths[i] ?? 0) + 2))
        .join('')
        .trimEnd(),
    )
    .join('\n');
}

function linesOf(host: string, text: string): readonly string[] {
  if (text === '') return [];
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `${host}  ${clean(line)}`.trimEnd());
}
