import type { Event } from '../../../src/model/event.ts';
import { isPending, type Plan, type PlannedChange } from '../../../src/model/plan.ts';
import { addressOf, idOf } from '../../../src/resources/kubernetes/id.ts';
import type { FakePlaces } from './happen.ts';

const past: Readonly<Record<string, string>> = {
  create: 'created',
  update: 'updated',
  adopt: 'adopted',
  replace: 'replaced',
  remove: 'removed',
  restart: 'restarted',
};

/** Code of the first reason for which a run of this plan isn't begun. */
export function hindrance(plan: Plan): string | undefined {
  return changesOf(plan).find(({ problem }) => problem)?.problem?.code;
}

function changesOf({ steps }: Plan): readonly PlannedChange[] {
  return steps.flatMap(({ changes }) => changes);
}

/**
 * What a plan shows of changes and of what stops it: `created file/etc/a`, `updated Secret/a/b data.c`; of what was
 * undecided also what its run made of it: `undecided Secret/a/b, then unchanged`.
 */
export function planLines(plan: Plan, events: readonly Event[]): readonly string[] {
  const outcomes = new Map(outcomesOf(events).map(([outcome, address]) => [address, outcome]));
  return changesOf(plan)
    .filter((change) => isPending(change) || change.verb === 'foreign' || change.verb === 'refused')
    .map((change) =>
      change.verb === 'undecided'
        ? `${lineStart(change)}, then ${outcomes.get(change.address) ?? 'not reached'}`
        : `${lineStart(change)} ${fieldsOf(change)}`.trimEnd(),
    );
}

function lineStart({ verb, address }: PlannedChange): string {
  return `${past[verb] ?? verb} ${address}`;
}

function fieldsOf({ verb, fields, foreign }: PlannedChange): string {
  if (verb === 'foreign') return foreign.map(({ path, owner }) => `${path} of ${owner}`).join(', ');
  return verb === 'update' || verb === 'adopt' || verb === 'replace' ? fields.map(({ path }) => path).join(', ') : '';
}

/** What a run did otherwise than its plan said; an undecided change may turn out unchanged. */
export function surprises(plan: Plan, events: readonly Event[]): readonly string[] {
  const planned = changesOf(plan).filter(isPending);
  const certain = planned.filter(({ certainty, verb }) => certainty !== 'undecided' && verb !== 'undecided');
  const open = new Set(planned.filter((change) => !certain.includes(change)).map(({ address }) => address));
  const done = outcomesOf(events).filter(([outcome]) => outcome !== 'unchanged' && outcome !== 'skipped');
  const lines = new Set(done.filter(([, address]) => !open.has(address)).map((words) => words.join(' ')));
  const expected = new Set(certain.map(lineStart));
  const missing = [...expected.difference(lines)].map((line) => `planned, not done: ${line}`);
  return [...missing, ...[...lines.difference(expected)].map((line) => `done, not planned: ${line}`)];
}

/** Outcome and address of every resource. */
export function outcomesOf(events: readonly Event[]): readonly (readonly [string, string])[] {
  return events.flatMap((event) =>
    event.type === 'resource-finished' ? [[event.outcome, event.address] as const] : [],
  );
}

/** Everything in the world by name: `/etc/hosts`, `package/zstd`, `Secret/devpi/redis`, `keycloak/cairn/…`, `github/…`, `harbor/…`, `http/root/prod`. */
export function contents({ host, kube, keycloak, github, harbor, http }: FakePlaces): ReadonlyMap<string, string> {
  const { files, packages } = host.snapshot() as Readonly<Record<'files' | 'packages', object>>;
  const entries: readonly (readonly [string, unknown])[] = [
    ...Object.entries(files),
    ...Object.entries(packages).map(([name, state]) => [`package/${name}`, state] as const),
    ...kube.snapshot().map((object) => [addressOf(idOf(object)), object] as const),
    ...[...keycloak.snapshot()].map(([path, thing]) => [`keycloak/${path}`, thing] as const),
    ...[...github.snapshot()].map(([path, thing]) => [`github/${path}`, thing] as const),
    ...[...harbor.snapshot()].map(([path, thing]) => [`harbor/${path}`, thing] as const),
    ...[...http.resources].map(([path, value]) => [`http${path}`, value] as const),
  ];
  return new Map(entries.map(([name, value]) => [name, JSON.stringify(value)]));
}

/** The names of what isn't as it was. */
export function differences(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): readonly string[] {
  const names = new Set([...before.keys(), ...now.keys()]);
  return [...names].filter((name) => before.get(name) !== now.get(name)).sort();
}
