import { isDeepStrictEqual } from 'node:util';
import { CairnError, problem } from '../../model/diagnostic.ts';
import type {
  Answer,
  Guard,
  HostChange,
  HostChanged,
  HostFacts,
  HostWriter,
  Operation,
  Question,
  RunResult,
  RunSpec,
  Turn,
} from '../../model/host.ts';
import { connectionLost, isLoss } from '../../model/loss.ts';
import { bootIdPath } from '../../model/reboot.ts';
import { accountCommands, putAccounts } from './host-accounts.ts';
import { FakeBoot } from './host-boot.ts';
import { FakeFiles } from './host-files.ts';
import { type FakeRepository, gitCommands } from './host-git.ts';
import { FakePackages } from './host-packages.ts';
import { changePath, failed } from './host-paths.ts';
import { pythonCommands } from './host-python.ts';
import { FakeReverts } from './host-reverts.ts';
import { type FakeService, type FakeTimes, systemCommands } from './host-system.ts';

/** A program that a fake host knows: it applies when its words begin a command line. */
export interface FakeCommand {
  readonly argv: readonly string[];
  /** What it does and says; nothing said is status 0 without output. */
  run(spec: RunSpec, host: FakeHost): Partial<RunResult> | undefined;
}

const facts: HostFacts = {
  hostname: 'fake',
  os: 'debian',
  osVersion: '12',
  arch: 'x86_64',
  init: 'systemd',
  bootId: '00000000-0000-4000-8000-000000000001',
  machineId: '00000000000000000000000000000001',
};

/** A host in memory behind the port of a real one. Tests edit its parts directly. */
export class FakeHost implements HostWriter {
  readonly files = new FakeFiles();
  readonly packages = new FakePackages();
  /** Units of its systemd. */
  readonly services = new Map<string, FakeService>();
  /** When they took their settings. */
  readonly taken = new Map<string, FakeTimes>();
  /** Git repositories that it can reach, by URL. */
  readonly repositories = new Map<string, FakeRepository>();
  readonly commands: FakeCommand[] = [
    { argv: ['true'], run: () => undefined },
    { argv: ['false'], run: () => ({ status: 1 }) },
    { argv: ['sh', '-c', 'command -v "$1" >/dev/null'], run: ({ argv }, host) => host.#finds(argv[4]) },
    ...accountCommands,
    ...systemCommands,
    ...gitCommands,
    ...pythonCommands,
  ];
  /** How it restarts. */
  readonly boot = new FakeBoot(this);
  /** What it may have to give back by itself. */
  readonly reverts = new FakeReverts(this);
  /** Called by whoever signs in anew: throws what keeps them out. */
  beforeSignIn: (() => void) | undefined;
  /** Content of files that were too large for an image, by path and sum. */
  readonly copies = new Map<string, Uint8Array>();
  facts: HostFacts = facts;
  /** Changes that carried out at least one operation. */
  changes = 0;
  /** The change of this number (from 1) fails before its first operation, as if the connection broke. */
  failAt: number | undefined;
  /** The change of this number (from 1) loses its connection after so many operations; so many questions after it get no answer. */
  cut: { readonly at: number; readonly after: number; readonly silent?: number } | undefined;
  #silent = 0;
  /** Called before the operations of each change, to kill or to interfere. */
  beforeChange: ((change: HostChange) => void) | undefined;

  constructor() {
    for (const path of ['/etc', '/tmp', '/root', '/usr/local/bin', '/var/lib', '/opt', '/run'])
      this.files.makeDirectories(path);
    putAccounts(this);
  }

  async ask<Q extends Question>(question: Q): Promise<Answer<Q>> {
    if (this.#silent > 0) throw this.#lose(this.#silent - 1);
    this.boot.start();
    return structuredClone(this.#answer(question)) as Answer<Q>;
  }

  async change(change: HostChange): Promise<HostChanged> {
    if (!change.guards.every((guard) => this.#holds(guard))) return { is: 'moved' };
    if (change.operations.length > 0) this.#count(change);
    const cut = this.cut?.at === this.changes && change.operations.length > 0 ? this.cut : undefined;
    for (const operation of change.operations.slice(0, cut?.after)) this.#carryOut(operation, change.onLine);
    if (cut) throw this.#lose(cut.silent ?? 0);
    return {
      is: 'written',
      answers: await Promise.all(change.readBack.map(async (question) => await this.ask(question))),
    };
  }

  changeInTurn(changes: readonly HostChange[], stop?: AbortSignal): readonly Promise<Turn>[] {
    const turns: Promise<Turn>[] = [];
    for (const change of changes) {
      const before = turns.at(-1);
      turns.push(before ? this.#after(before, change, stop) : this.change(change));
    }
    return turns;
  }

  async #after(before: Promise<Turn>, change: HostChange, stop: AbortSignal | undefined): Promise<Turn> {
    const { is } = await before.catch((error: unknown): Turn => {
      if (error instanceof CairnError && isLoss(error)) throw error;
      return { is: 'not-begun' };
    });
    return is !== 'written' || stop?.aborted ? { is: 'not-begun' } : await this.change(change);
  }

  /** Everything that undo has to give back, as plain data. */
  snapshot(): unknown {
    return { files: this.files.snapshot(), packages: this.packages.all(), services: [...this.services] };
  }

  /** Signs in anew; open connections stay. */
  async renew(): Promise<void> {
    this.beforeSignIn?.();
  }

  /** Carries a command line out, as a timer of its own does. */
  perform(spec: RunSpec): void {
    this.#perform(spec, undefined);
  }

  #lose(silent: number): CairnError {
    this.#silent = silent;
    return connectionLost('the connection broke, as the test asked for', '');
  }

  #count(change: HostChange): void {
    this.changes += 1;
    this.beforeChange?.(change);
    if (this.changes === this.failAt) {
      throw new CairnError(problem('operation-failed', `change ${this.changes} failed, as the test asked for`));
    }
  }

  #answer(question: Question): Answer<Question> {
    switch (question.ask) {
      case 'stat':
        return this.files.state(question.path);
      case 'sha256':
        return question.path === bootIdPath ? this.boot.sum() : this.files.sha256(question.path);
      case 'content':
        return within(this.files.content(question.path), question.limit);
      case 'piece':
        return this.files.content(question.path)?.slice(question.from, question.from + question.bytes) ?? null;
      case 'changed':
        return this.files.changed(question.path);
      case 'list':
        return this.files.list(question.path);
      case 'tree':
        return this.files.tree(question.path);
      case 'package':
        return this.packages.installed.get(question.name) ?? null;
      case 'packages':
        return this.packages.all();
      case 'package-plan':
        return this.packages.plan(question.install, question.remove, question.autoremove);
      case 'run':
        return this.run(question);
      case 'facts':
        return this.facts;
    }
  }

  #holds(guard: Guard): boolean {
    if ('succeeds' in guard) return (this.run(guard.question).status === 0) === guard.succeeds;
    return isDeepStrictEqual(this.#answer(guard.question), guard.expected);
  }

  #finds(program: string | undefined): Partial<RunResult> {
    return { status: this.commands.some(({ argv }) => argv[0] === program) ? 0 : 127 };
  }

  /** What a program says, and does. */
  run(spec: RunSpec): RunResult {
    const command = this.commands.findLast(({ argv }) => argv.every((word, index) => spec.argv[index] === word));
    const missing = { status: 127, stderr: `${spec.argv[0]}: not found\n` };
    const result = command ? command.run(spec, this) : missing;
    return { status: 0, stdout: '', stderr: '', timedOut: false, ...result };
  }

  #carryOut(operation: Operation, onLine: HostChange['onLine']): void {
    switch (operation.do) {
      case 'put-file':
      case 'make-directory':
      case 'make-link':
      case 'keep-copy':
      case 'put-copy':
      case 'drop-copy':
      case 'set-attributes':
      case 'remove':
        changePath(this, operation);
        break;
      case 'install-packages':
        this.packages.install(operation.names);
        break;
      case 'remove-packages':
        this.packages.remove(operation.names);
        break;
      case 'mark-packages':
        this.packages.mark(operation.auto, true);
        this.packages.mark(operation.manual, false);
        break;
      case 'arm':
        this.reverts.arm(operation);
        break;
      case 'disarm':
        this.reverts.disarm(operation.guard);
        break;
      case 'give-back':
        this.reverts.giveBack(operation.guard);
        break;
      case 'reboot':
        this.#silent = this.boot.end(operation.boot);
        break;
      case 'run':
        this.#perform(operation, onLine);
        break;
    }
  }

  #perform(spec: RunSpec, onLine: HostChange['onLine']): void {
    const { status, stdout, stderr } = this.run(spec);
    const lines = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
    for (const line of lines) onLine?.(line);
    if (status !== 0) throw failed(`could not run ${spec.argv[0]}: status ${status}`, lines);
  }
}

function within(content: Uint8Array | null, limit: number | undefined): Uint8Array | null {
  return content && content.length > (limit ?? Number.POSITIVE_INFINITY) ? null : content;
}
