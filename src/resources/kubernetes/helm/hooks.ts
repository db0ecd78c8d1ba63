import type { Placed } from '../bundle/objects.ts';
import { type Fields, isFields, textAt } from '../compare/json.ts';
import type { ObjectId } from '../id.ts';

const events = [
  'pre-install',
  'post-install',
  'pre-upgrade',
  'post-upgrade',
  'pre-delete',
  'post-delete',
  'test',
] as const;

export type HookEvent = (typeof events)[number];

/** An object that a chart wants at a certain moment only. */
export interface Hook extends Placed {
  readonly events: ReadonlySet<HookEvent>;
  /** Lower ones come first. */
  readonly weight: number;
  /** Removed once all hooks of its moment are done. */
  readonly passing: boolean;
  /** A program that runs to its end: a Job, or a Pod made into one. */
  readonly runs: boolean;
}

/** What a chart wants for good, and its hooks in the order in which Helm runs them. */
export interface Sorted {
  readonly lasting: readonly Placed[];
  readonly hooks: readonly Hook[];
}

/** Tells hooks by their annotations (helm.sh/docs/topics/charts_hooks). */
export function sortHooks(objects: readonly Placed[]): Sorted {
  const hooks = objects.filter((object) => annotation(object, 'hook') !== undefined && !isDefinition(object));
  return {
    lasting: objects.filter((object) => !hooks.includes(object)),
    hooks: hooks.map(hookOf).sort((a, b) => a.weight - b.weight || a.id.name.localeCompare(b.id.name)),
  };
}

function isDefinition({ id }: Placed): boolean {
  return id.kind === 'CustomResourceDefinition';
}

function hookOf(placed: Placed): Hook {
  const named = words(annotation(placed, 'hook')).map((word) => (word === 'test-success' ? 'test' : word));
  const runnable = runnableOf(placed);
  return {
    ...placed,
    ...runnable,
    events: new Set(events.filter((event) => named.includes(event))),
    weight: Number.parseInt(annotation(placed, 'hook-weight') ?? '0', 10) || 0,
    passing: words(annotation(placed, 'hook-delete-policy')).includes('hook-succeeded'),
    runs: runnable.id.kind === 'Job',
  };
}

// A Pod that ran tells nobody with which inputs; a Job does.
function runnableOf({ id, want }: Placed): { readonly id: ObjectId; readonly want: Fields } {
  if (id.kind !== 'Pod') return { id, want };
  const spec = isFields(want.spec) ? want.spec : {};
  const restartPolicy = spec.restartPolicy === 'OnFailure' ? 'OnFailure' : 'Never';
  const { labels, ...metadata } = isFields(want.metadata) ? want.metadata : {};
  const template = { ...(labels === undefined ? {} : { metadata: { labels } }), spec: { ...spec, restartPolicy } };
  return {
    id: { ...id, apiVersion: 'batch/v1', kind: 'Job' },
    want: { metadata, spec: { backoffLimit: 0, template } },
  };
}

/** Whether a chart asks that an object outlives its release. */
export function isKept(placed: Placed): boolean {
  return annotation(placed, 'resource-policy') === 'keep';
}

function annotation({ want }: Placed, name: string): string | undefined {
  return textAt(want, 'metadata', 'annotations', `helm.sh/${name}`);
}

function words(text = ''): readonly string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
