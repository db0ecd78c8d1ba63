import { type Diagnostic, problem } from '../../model/diagnostic.ts';
import type { Selection } from '../../model/journal.ts';
import { nearest } from '../../model/nearest.ts';

/** A step that can be chosen. */
export interface Choosable {
  /** `devpi/30_redis`. */
  readonly id: string;
  readonly component: string;
  readonly number: number;
  /** The file's name without its number: `redis`. */
  readonly name: string;
}

export interface Chosen {
  readonly ids: ReadonlySet<string>;
  readonly problems: readonly Diagnostic[];
}

/**
 * The steps that `--only` and `--from` mean.
 * `--only` takes `devpi`, `devpi/40`, `devpi/40-60`, `devpi/40_name`, `40` and `40-60`; a number alone belongs to the component before it in the list, or to every one.
 * `--from` takes a step, and means it and everything after it.
 * @param steps in the order of the playbook
 */
export function selectSteps(selection: Pick<Selection, 'only' | 'from'>, steps: readonly Choosable[]): Chosen {
  const only = selectOnly(selection.only, steps);
  const from = selection.from === undefined ? undefined : selectFrom(selection.from, steps);
  const ids = [...only.ids].filter((id) => !from || from.ids.has(id));
  const problems = [...only.problems, ...(from?.problems ?? [])];
  if (ids.length === 0 && problems.length === 0 && steps.length > 0) problems.push(nothingLeft(selection));
  return { ids: new Set(ids), problems };
}

function selectOnly(entries: readonly string[], steps: readonly Choosable[]): Chosen {
  const ids = new Set<string>();
  const problems: Diagnostic[] = [];
  const words = entries.flatMap((entry) => entry.split(',')).map((word) => word.trim());
  let component: string | undefined;
  for (const word of words.filter((one) => one !== '')) {
    const wanted = understand(word, component, steps);
    component = wanted.component;
    const found = steps.filter((step) => isWanted(step, wanted));
    for (const { id } of found) ids.add(id);
    if (found.length === 0) problems.push(noSuchStep('--only', word, wanted, steps));
  }
  return words.length === 0 ? { ids: new Set(steps.map(({ id }) => id)), problems } : { ids, problems };
}

function selectFrom(word: string, steps: readonly Choosable[]): Chosen {
  const wanted = understand(word, undefined, steps);
  const found = steps.filter((step) => isWanted(step, wanted));
  const [first] = found;
  if (!first) return { ids: new Set(), problems: [noSuchStep('--from', word, wanted, steps)] };
  const components = new Set(found.map(({ component }) => component));
  if (components.size > 1) return { ids: new Set(), problems: [ambiguous(word, found)] };
  return { ids: new Set(steps.slice(steps.indexOf(first)).map(({ id }) => id)), problems: [] };
}

/** What one word of the command line asks for; a part that it leaves out fits everything. */
interface Wanted {
  readonly component: string | undefined;
  readonly numbers?: readonly [number, number];
  /** A step's name, with or without its number. */
  readonly name?: string;
}

function understand(word: string, before: string | undefined, steps: readonly Choosable[]): Wanted {
  const slash = word.lastIndexOf('/');
  const rest = word.slice(slash + 1);
  const numbers = /^(\d+)(?:-(\d+))?$/.exec(rest);
  if (slash < 0 && !numbers && steps.some(({ component }) => component === word)) return { component: word };
  const component = slash < 0 ? before : word.slice(0, slash);
  if (!numbers) return { component, name: rest };
  return { component, numbers: [Number(numbers[1]), Number(numbers[2] ?? numbers[1])] };
}

function isWanted(step: Choosable, { component, numbers, name }: Wanted): boolean {
  if (component !== undefined && step.component !== component) return false;
  if (numbers && (step.number < numbers[0] || step.number > numbers[1])) return false;
  return name === undefined || name === '' || step.name === name || step.id.endsWith(`/${name}`);
}

function noSuchStep(option: string, word: string, { component }: Wanted, steps: readonly Choosable[]): Diagnostic {
  return problem('selection-empty', `${option} ${word}: no step of this playbook is meant`, {
    help: helpFor(word, component, steps),
  });
}

function helpFor(word: string, component: string | undefined, steps: readonly Choosable[]): string {
  const components = [...new Set(steps.map((step) => step.component))];
  if (component !== undefined && !components.includes(component)) {
    return `nearest: ${nearest(component, components) ?? components.join(', ')}`;
  }
  const inside = steps.filter((step) => component === undefined || step.component === component);
  return `nearest: ${nearestStep(word, inside)}`;
}

// By number where one is given: 45 is nearer to 50_login than to a name that looks like "45".
function nearestStep(word: string, steps: readonly Choosable[]): string {
  const number = /(?:^|\/)(\d+)/.exec(word)?.[1];
  if (number === undefined) {
    const ids = steps.map(({ id }) => id);
    const byName = nearest(word.slice(word.lastIndexOf('/') + 1), new Set(steps.map(({ name }) => name)));
    return steps.find(({ name }) => name === byName)?.id ?? nearest(word, ids) ?? ids.join(', ');
  }
  const distance = (step: Choosable): number => Math.abs(step.number - Number(number));
  return steps.toSorted((a, b) => distance(a) - distance(b) || b.number - a.number)[0]?.id ?? 'none';
}

function ambiguous(word: string, found: readonly Choosable[]): Diagnostic {
  return problem('selection-ambiguous', `--from ${word} fits ${found.map(({ id }) => id).join(' and ')}`, {
    help: `say which, for example --from ${found[0]?.id}`,
  });
}

function nothingLeft({ only, from }: Pick<Selection, 'only' | 'from'>): Diagnostic {
  return problem('selection-empty', `--only ${only.join(',')} and --from ${from} have no step in common`, {
    help: 'leave one of them out',
  });
}
