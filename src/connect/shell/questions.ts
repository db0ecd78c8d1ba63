import { CairnError, messageOf, problem } from '../../model/diagnostic.ts';
import type { Answer, FileKind, HostFacts, PathState, Question } from '../../model/host.ts';
import { connectionLost } from '../../model/loss.ts';
import { changedBody, parseMoment } from './moments.ts';
import { byManager } from './packages/manager.ts';
import { parsePackage, parsePackagePlan, parsePackages } from './packages/parse.ts';
import { goneWhy, type Part, type PartResult, type PartsResult, whyCut } from './parts.ts';
import { checkPath } from './paths.ts';
import { quote, type ShellText } from './quote.ts';
import { runBody, runResult, secondsOf } from './run.ts';
import { parseTree, treeBody } from './tree.ts';

/** Seconds within which a question must be answered. */
const patience = 30;
/** Seconds within which a file must be summed: a large one takes its time. */
const sumPatience = 600;

// A shell reads a line by itself; each program costs the host a process, at every connection.
const factsBody = `uname -nm
for file in /proc/1/comm /proc/sys/kernel/random/boot_id /etc/machine-id; do
  line=; [ ! -r $file ] || read -r line <$file; printf '%s\\n' "$line"
done
cat /etc/os-release 2>/dev/null; :`;

/** The shell text that prints a question's answer. */
export function questionBody(question: Question): ShellText {
  switch (question.ask) {
    case 'stat':
      return `state ${quote(checkPath(question.path))}`;
    case 'sha256':
      return `digest ${quote(checkPath(question.path))}`;
    case 'content':
      return `content ${quote(checkPath(question.path))} ${limitOf(question) + 1}`;
    case 'piece':
      return `piece ${quote(checkPath(question.path))} ${question.from + 1} ${question.bytes}`;
    case 'changed':
      return changedBody(checkPath(question.path));
    case 'list':
      return `names ${quote(checkPath(question.path))}`;
    case 'tree':
      return treeBody(checkPath(question.path));
    case 'package':
      return byManager((manager) => manager.package(question.name));
    case 'packages':
      return byManager((manager) => manager.packages);
    case 'package-plan':
      return byManager((manager) => manager.plan(question));
    case 'run':
      return runBody(question, patience);
    case 'facts':
      return factsBody;
  }
}

export function questionSeconds(question: Question): number {
  if (question.ask === 'sha256') return sumPatience;
  return question.ask === 'run' ? secondsOf(question, patience) + 10 : patience;
}

/** Reads what a question's body printed. Throws `unreadable` when it gave no answer. */
export function parseAnswer<Q extends Question>(question: Q, part: PartResult): Answer<Q> {
  if (question.ask !== 'run' && part.status !== 0) throw unreadable(question, part.stderr.toString('utf8'));
  return parse(question, part) as Answer<Q>;
}

function parse(question: Question, part: PartResult): Answer<Question> {
  const out = part.stdout;
  switch (question.ask) {
    case 'stat':
      return parseState(out);
    case 'sha256':
      return out.toString('latin1').startsWith('no') ? null : out.toString('latin1').trim();
    case 'content':
      return parseContent(out, limitOf(question));
    case 'piece':
      return parseContent(out, question.bytes);
    case 'changed':
      return parseMoment(out.toString('latin1').trim());
    case 'list':
      return parseNames(out);
    case 'tree':
      return wholeTree(question.path, out);
    case 'package':
      return parsePackage(out.toString('utf8'));
    case 'packages':
      return parsePackages(out.toString('utf8'));
    case 'package-plan':
      return parsePackagePlan(out.toString('utf8'));
    case 'run':
      return runResult(part, secondsOf(question, patience));
    case 'facts':
      return parseFacts(out.toString('utf8'));
  }
}

function limitOf(question: { readonly limit?: number }): number {
  return question.limit ?? Number.MAX_SAFE_INTEGER - 1;
}

/** A question as a part of a script. */
export function questionPart(question: Question): Part {
  const startsPrograms = question.ask === 'run';
  return {
    body: questionBody(question),
    seconds: questionSeconds(question),
    startsPrograms,
    mustSucceed: false,
    ...(startsPrograms ? {} : { tells: 'brief' }),
  };
}

/** The error of a question whose script was cut before it was answered. */
export function missed(question: Question, cut: PartsResult['cut']): CairnError {
  return cut?.is === 'gone' ? unanswered(question, goneWhy(cut)) : unreadable(question, whyCut(cut));
}

/** The error of a question that has no answer. */
export function unreadable(question: Question, why: string): CairnError {
  const detail = why.split('\n').filter((line) => line.trim() !== '');
  return new CairnError(
    problem('unreadable', `could not ${describe(question)}: ${detail.at(-1) ?? 'no reason given'}`, { detail }),
  );
}

/** The error of a question whose answer was lost with the connection. */
function unanswered(question: Question, why: string): CairnError {
  const last = why.split('\n').findLast((line) => line.trim() !== '') ?? 'the connection broke';
  return connectionLost(`could not ${describe(question)}: ${last}`, why);
}

/** A question for people, as what somebody does. */
function describe(question: Question): string {
  switch (question.ask) {
    case 'stat':
    case 'sha256':
    case 'content':
    case 'piece':
    case 'changed':
    case 'list':
    case 'tree':
      return `look at ${question.path}`;
    case 'package':
      return `look up package ${question.name}`;
    case 'packages':
      return 'list the installed packages';
    case 'package-plan':
      return `simulate a change of packages (${[...question.install, ...question.remove].join(', ')})`;
    case 'run':
      return `run ${question.argv[0]}`;
    case 'facts':
      return 'read the facts of the host';
  }
}

/** A path's state in the form in which `state` prints it, without the line's end. */
export function printState(state: PathState | null): string {
  if (!state) return 'absent';
  const { kind, mode, owner, group, size, target } = state;
  return `${kind} ${Number.parseInt(mode, 8).toString(8)} ${owner} ${group} ${size} ${target ?? ''}`;
}

function parseState(out: Buffer): PathState | null {
  const line = out.toString('utf8').slice(0, -1);
  const found = /^(\w+) (\d+) (\S+) (\S+) (\d+) (.*)$/s.exec(line);
  if (!found) return null;
  const [, kind, mode = '', owner = '', group = '', size, target] = found;
  const state = { kind: kind as FileKind, mode: mode.padStart(4, '0'), owner, group, size: Number(size) };
  return kind === 'link' ? { ...state, target: target ?? '' } : state;
}

function parseContent(out: Buffer, limit: number): Uint8Array | null {
  if (out.subarray(0, 3).equals(Buffer.from('no\n'))) return null;
  const bytes = out.subarray('file\n'.length);
  return bytes.length > limit ? null : bytes;
}

function wholeTree(path: string, out: Buffer): Answer<{ readonly ask: 'tree'; readonly path: string }> {
  try {
    return parseTree(out);
  } catch (error) {
    throw unreadable({ ask: 'tree', path }, messageOf(error));
  }
}

function parseNames(out: Buffer): readonly string[] | null {
  if (out.equals(Buffer.from('absent\n'))) return null;
  return out
    .subarray('present\n'.length)
    .toString('utf8')
    .split('\0')
    .filter((name) => name !== '')
    .sort();
}

function parseFacts(out: string): HostFacts {
  const [names = '', init = '', bootId = '', machineId = '', ...rest] = out.split('\n');
  const [hostname = '', arch = ''] = names.split(' ');
  const of = (key: string): string =>
    rest
      .find((line) => line.startsWith(`${key}=`))
      ?.slice(key.length + 1)
      .replace(/^["']|["']$/g, '') ?? '';
  return { hostname, arch, init, bootId, machineId, os: of('ID'), osVersion: of('VERSION_ID') };
}
