import fc from 'fast-check';
import { isObject, type Mutable } from '../../../src/connect/fake/kube-json.ts';
import type { KubeObject } from '../../../src/model/kube.ts';
import type { Want } from '../../../src/resources/kubernetes/apply/compose.ts';

/** What a step may wish of a kind, in many forms. */
export interface Wishes {
  readonly apiVersion: string;
  readonly kind: string;
  readonly wishes: fc.Arbitrary<Want>;
}

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const text = fc.oneof(word, fc.constant(''), fc.constant('two\nlines'));
const some = <T>(value: fc.Arbitrary<T>) => fc.dictionary(word, value, { minKeys: 1, maxKeys: 2 });
const metadata = fc.record({ labels: some(word), annotations: some(text) }, { requiredKeys: [] });
const named = <T extends object>(more: fc.Arbitrary<T>) =>
  fc
    .uniqueArray(fc.tuple(word, more), { minLength: 1, maxLength: 3, selector: ([name]) => name })
    .map((all) => all.map(([name, rest]) => ({ name, ...rest })));

const data = fc.dictionary(
  fc.oneof(
    word,
    word.map((name) => `${name}.crt`),
  ),
  text,
  { maxKeys: 4 },
);
const port = fc.record({ number: fc.integer({ min: 1, max: 3 }), protocol: fc.constantFrom('TCP', 'UDP', undefined) });
const ports = (field: string) =>
  fc
    .uniqueArray(port, { minLength: 1, maxLength: 3, selector: ({ number }) => number })
    .map((all) =>
      all.map(({ number, protocol }) => ({ name: `p${number}`, [field]: number, ...(protocol ? { protocol } : {}) })),
    );
// The server writes two of these its own way.
const cpu = fc.constantFrom('1', '1000m', '0.5', '500m', '2', '250m');

const container = fc.record(
  {
    image: fc.constantFrom('web:1', 'web:2'),
    args: fc.array(word, { maxLength: 3 }),
    env: named(fc.record({ value: text })),
    ports: ports('containerPort'),
    resources: fc.record({ requests: fc.record({ cpu }) }),
  },
  { requiredKeys: ['image'] },
);

const template = fc.record(
  {
    containers: named(container),
    volumes: named(fc.constant({ emptyDir: {} })),
    tolerations: fc.array(fc.record({ key: word, operator: fc.constant('Exists') }), { maxLength: 2 }),
    nodeSelector: fc.dictionary(word, word, { maxKeys: 2 }),
  },
  { requiredKeys: ['containers'] },
);

const deployment = fc
  .record({ replicas: fc.constantFrom(1, 2, undefined), template })
  .map(({ replicas, template: spec }) => ({
    ...(replicas === undefined ? {} : { replicas }),
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec },
  }));

const service = fc.record(
  { selector: some(word), ports: ports('port'), clusterIP: fc.constant('None') },
  { requiredKeys: ['ports', 'clusterIP'] },
);

const widget = fc.record(
  {
    size: fc.integer({ min: 0, max: 3 }),
    colours: fc.uniqueArray(word, { maxLength: 3 }),
    parts: named(fc.record({ weight: fc.integer({ min: 0, max: 3 }) }, { requiredKeys: [] })),
    words: fc.array(word, { maxLength: 3 }),
    free: fc.dictionary(word, fc.oneof(word, fc.integer({ max: 9 }), fc.array(word, { maxLength: 2 }), fc.boolean()), {
      maxKeys: 3,
    }),
  },
  { requiredKeys: [] },
);

/** Every sort of field: maps, lists by key, sets, whole lists, defaults, quantities, free form. */
export const wishes: readonly Wishes[] = [
  { apiVersion: 'v1', kind: 'ConfigMap', wishes: fc.record({ metadata, data }, { requiredKeys: [] }) },
  { apiVersion: 'v1', kind: 'Service', wishes: fc.record({ metadata, spec: service }, { requiredKeys: ['spec'] }) },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    wishes: fc.record({ metadata, spec: deployment }, { requiredKeys: ['spec'] }),
  },
  {
    apiVersion: 'cairn.test/v1',
    kind: 'Widget',
    wishes: fc.record({ metadata, spec: widget }, { requiredKeys: ['spec'] }),
  },
];

const properties = {
  size: { type: 'integer' },
  mode: { type: 'string', default: 'plain' },
  colours: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
  parts: {
    type: 'array',
    items: {
      type: 'object',
      required: ['name'],
      properties: { name: { type: 'string' }, weight: { type: 'integer', default: 1 } },
    },
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
  },
  words: { type: 'array', items: { type: 'string' } },
  free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
};
const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties } } } };

/** The definition of the kind that has lists of every sort, a default and a free form. */
export const widgetDefinition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.cairn.test' },
  spec: {
    group: 'cairn.test',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
    versions: [{ name: 'v1', served: true, storage: true, schema }],
  },
};

/** One thing that somebody does to an object. */
export interface Edit {
  readonly who: 'kubectl-edit' | 'argocd' | 'cairn';
  readonly way: 'put' | 'apply' | 'scale' | 'disown';
  readonly what: 'other' | 'remove' | 'reverse' | 'insert' | 'same';
  /** Which field, from the outermost in. */
  readonly at: readonly number[];
}

export const edits: fc.Arbitrary<Edit> = fc.record({
  who: fc.constantFrom('kubectl-edit', 'argocd', 'cairn'),
  way: fc.oneof(
    { weight: 4, arbitrary: fc.constant('put' as const) },
    { weight: 4, arbitrary: fc.constant('apply' as const) },
    { weight: 1, arbitrary: fc.constantFrom('scale' as const, 'disown' as const) },
  ),
  what: fc.constantFrom('other', 'remove', 'reverse', 'insert', 'same'),
  at: fc.array(fc.nat(20), { minLength: 1, maxLength: 7 }),
});

/** Does it to a copy of the object's own fields. */
export function edited(object: KubeObject, { what, at }: Edit): KubeObject {
  const copy = structuredClone(object) as unknown as Mutable;
  const { apiVersion: _, kind: _kind, metadata, status: _status, ...rest } = copy;
  const { labels, annotations } = isObject(metadata) ? metadata : {};
  const fields: Mutable = {
    ...rest,
    ...(isObject(labels) ? { labels } : {}),
    ...(isObject(annotations) ? { annotations } : {}),
  };
  if (what !== 'same') touch(fields, at, what);
  for (const name of Object.keys(rest)) copy[name] = fields[name];
  if (isObject(metadata)) {
    metadata.labels = fields.labels;
    metadata.annotations = fields.annotations;
  }
  return JSON.parse(JSON.stringify(copy));
}

function touch(holder: Mutable | unknown[], [first = 0, ...rest]: readonly number[], what: Edit['what']): void {
  const keys = Object.keys(holder);
  const key = keys[first % Math.max(1, keys.length)];
  if (key === undefined) return;
  const into = holder as Record<string, unknown>;
  const inner = into[key];
  if (rest.length > 0 && (isObject(inner) || Array.isArray(inner)) && Object.keys(inner).length > 0) {
    touch(inner, rest, what);
    return;
  }
  if (what === 'remove' && Array.isArray(holder)) holder.splice(Number(key), 1);
  else if (what === 'remove') delete into[key];
  else if (what === 'reverse' && Array.isArray(inner)) inner.reverse();
  else if (what === 'reverse' && Array.isArray(holder)) holder.reverse();
  else if (what === 'insert' && Array.isArray(holder)) holder.splice(Number(key), 0, like(inner));
  else if (what === 'insert') into[`${key}x`] = like(inner);
  else into[key] = like(inner);
}

/** Another value of the same form. */
function like(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return /^\d/.test(value) ? '3' : `${value}x`;
  if (Array.isArray(value)) return [...value, ...value.slice(0, 1).map(like)];
  if (!isObject(value)) return 'new';
  const key = ['name', 'key', 'containerPort', 'port'].find((one) => one in value);
  return key === undefined ? { ...value, another: 'x' } : { ...value, [key]: like(value[key]) };
}
