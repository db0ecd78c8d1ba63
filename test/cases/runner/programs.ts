import { dirname } from 'node:path';
import type { FakeHost } from '../../../src/connect/fake/host.ts';
import type { StepInstance } from '../../../src/model/project.ts';
import { handleOf } from '../../../src/model/resource.ts';
import type { CommandId, CommandWant } from '../../../src/resources/host/command.ts';
import type { Program } from './case.ts';
import type { FakeIndex } from './fake-index.ts';
import { fits } from './wildcard.ts';

/** Commands of steps on a fake host: run, they have the effect that they are declared to have; undone, they lose it. */
export class Effects {
  readonly #host: FakeHost;
  readonly #commands = new Map<string, CommandId & CommandWant>();
  readonly #done = new Set<string>();

  constructor(host: FakeHost) {
    this.#host = host;
  }

  /** Makes the host know the commands and the packages of a step. */
  learn({ step, vars, target }: StepInstance): void {
    for (const resource of Object.values(step.resources({ vars, target }))) {
      const { type, id, want, mode } = handleOf(resource);
      if (mode !== 'managed') continue;
      if (type.name === 'package') this.#host.packages.available.set((id as { name: string }).name, { version: '1' });
      if (type.name === 'command') this.#know({ ...(id as CommandId), ...(want as CommandWant) });
    }
  }

  /** Gives the commands that an address fits their effect, or takes it. */
  set(address: string, isDone: boolean): void {
    const found = [...this.#commands.values()].filter(({ id }) => fits(address, `command/${id}`));
    if (found.length === 0) throw new Error(`the step has no ${address}`);
    for (const command of found) this.#set(command, isDone);
  }

  #know(command: CommandId & CommandWant): void {
    const { argv, undo, unless, onlyIf, creates, id } = command;
    this.#commands.set(id, command);
    if (creates !== undefined) this.#host.files.makeDirectories(dirname(creates));
    const says = (status: () => number) => () => ({ status: status() });
    const sets = (isDone: boolean) => () => void this.#set(command, isDone);
    if (unless) this.#host.commands.push({ argv: unless, run: says(() => (this.#done.has(id) ? 0 : 1)) });
    if (onlyIf) this.#host.commands.push({ argv: onlyIf, run: says(() => (this.#done.has(id) ? 1 : 0)) });
    if (undo) this.#host.commands.push({ argv: undo, run: sets(false) });
    this.#host.commands.push({ argv, run: sets(true) });
  }

  #set({ id, creates }: CommandId, isDone: boolean): void {
    if (isDone) this.#done.add(id);
    else this.#done.delete(id);
    if (creates === undefined) return;
    if (isDone) putFile(this.#host, creates, `made by ${id}`);
    else this.#host.files.remove(creates);
  }
}

interface Taught {
  readonly host: FakeHost;
  readonly http: FakeIndex;
}

/** Makes a host know the programs of a case; the first that fits a command line answers. */
export function teach({ host, http }: Taught, programs: readonly Program[]): void {
  for (const path of programs.flatMap(({ makes = [] }) => makes)) host.files.makeDirectories(dirname(path));
  // After what the host knows by itself, and before what is taught later, which is more exact.
  const own = [...host.commands];
  host.commands.push({
    argv: [],
    run(spec) {
      const program = programs.find(({ run }) => begins(spec.argv, run));
      if (program) return perform({ host, http }, program);
      const known = own.findLast(({ argv }) => begins(spec.argv, argv));
      return known ? known.run(spec, host) : { status: 127, stderr: `${spec.argv[0]}: not found\n` };
    },
  });
}

function begins(argv: readonly string[], words: readonly string[]): boolean {
  return words.every((word, i) => fits(word, argv[i] ?? ''));
}

function perform({ host, http }: Taught, { says = '', needs = [], makes = [], removes = [], serves = [] }: Program) {
  if (needs.some((path) => host.files.get(path) === undefined)) return { status: 1 };
  for (const path of makes) putFile(host, path, 'made by a program\n');
  for (const path of removes) host.files.remove(path);
  for (const path of serves) http.resources.set(path, {});
  return { stdout: says };
}

/** Puts a file of root's, in folders that are made for it. */
export function putFile(host: FakeHost, path: string, text: string): void {
  host.files.makeDirectories(dirname(path));
  const content = new TextEncoder().encode(text);
  host.files.set(path, { kind: 'file', content, mode: '0644', owner: 'root', group: 'root' });
}
