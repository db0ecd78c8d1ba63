import type { KubeObject } from '../../../model/kube.ts';
import { keyText, readFields } from '../../../model/kube-fields.ts';
import { type Fields, isFields } from './json.ts';

/** Names the items of a list, or null when they have no keys: then the list is one value. */
export type ListKeys = (path: string, items: readonly unknown[]) => readonly string[] | null;

// Keys of the lists of built-in kinds, by the field that holds the list; what the server says comes first.
const known: Readonly<Record<string, readonly (readonly string[])[]>> = {
  ports: [
    ['containerPort', 'protocol'],
    ['port', 'protocol'],
  ],
  volumeMounts: [['mountPath']],
  volumeDevices: [['devicePath']],
  hostAliases: [['ip']],
  conditions: [['type']],
  topologySpreadConstraints: [['topologyKey', 'whenUnsatisfiable']],
  ownerReferences: [['uid']],
};
const defaults: Fields = { protocol: 'TCP' };

/** Keys as the owners' field sets of these objects have them, and good guesses elsewhere. */
export function listKeysOf(...objects: readonly (KubeObject | null | undefined)[]): ListKeys {
  const keyed = new Map<string, readonly string[]>();
  for (const object of objects) {
    for (const { fieldsV1 } of object?.metadata.managedFields ?? []) {
      for (const [path, fields] of readFields(fieldsV1).keyed) keyed.set(path, fields);
    }
  }
  return (path, items) => {
    const told = keyed.get(path);
    return told ? namesBy(items, told) : guess(path, items);
  };
}

function guess(path: string, items: readonly unknown[]): readonly string[] | null {
  const field = /([^.[\]]*)$/.exec(path)?.[1] ?? '';
  for (const keys of known[field] ?? [['name']]) {
    const names = namesBy(items, keys);
    if (names) return names;
  }
  return null;
}

function namesBy(items: readonly unknown[], keys: readonly string[]): readonly string[] | null {
  const names: string[] = [];
  for (const item of items) {
    if (!isFields(item)) return null;
    const values = keys.map((key) => item[key] ?? defaults[key]);
    if (values.some((value) => value === undefined || typeof value === 'object')) return null;
    names.push(keyText(values));
  }
  return new Set(names).size === names.length ? names : null;
}
