import type { Mutable } from '../../../src/connect/fake/kube-json.ts';
import type { KubeObject, ObjectRef } from '../../../src/model/kube.ts';
import { addressOf, idOf } from '../../../src/resources/kubernetes/id.ts';
import type { Places } from '../../rig/world.ts';
import type { Edit, Given } from './case.ts';
import type { FakeIndex } from './fake-index.ts';
import { type Effects, putFile, teach } from './programs.ts';
import { setField } from './set-field.ts';

/** The places of a world whose HTTP is the fake index too. */
export type FakePlaces = Places & { readonly http: FakeIndex };

/** Lays out what a case says the world holds before. */
export function layOut({ host, kube, http }: FakePlaces, effects: Effects, given: Given): void {
  for (const path of given.folders ?? []) host.files.makeDirectories(path);
  for (const [path, text] of Object.entries(given.files ?? {})) putFile(host, path, text);
  for (const [name, version] of Object.entries(given.packages ?? {}))
    host.packages.installed.set(name, { version, auto: false });
  teach(host, given.programs ?? []);
  for (const address of given.done ?? []) effects.set(address, true);
  for (const object of (given.objects ?? []) as readonly KubeObject[])
    kube.edit(idOf(object), 'kubectl-create', (empty) => ({ ...empty, ...object }));
  for (const [path, value] of Object.entries(given.http ?? {})) http.resources.set(path, value);
}

/** Somebody else changes fields of a file or of an object: `file/etc/hosts`, `Secret/devpi/redis`. */
export function edit(world: FakePlaces, { edit: address, set, by = 'kubectl-edit' }: Edit): void {
  const inIndex = address.startsWith('http/') ? address.slice('http'.length) : null;
  if (inIndex !== null) return world.http.merge(inIndex, set);
  if (address.startsWith('file/')) return editFile(world, address.slice('file'.length), set);
  world.kube.edit(refOf(world, address), by, (object) => {
    for (const [path, value] of Object.entries(set)) setField(object, path, value);
    return object;
  });
}

/** Somebody else deletes a file or an object, or a command's effect goes. */
export function remove(world: FakePlaces, effects: Effects, address: string): void {
  if (address.startsWith('file/')) world.host.files.remove(address.slice('file'.length));
  else if (address.startsWith('package/')) world.host.packages.remove([address.slice('package/'.length)]);
  else if (address.startsWith('http/')) world.http.resources.delete(address.slice('http'.length));
  else if (address.startsWith('command/')) effects.set(address, false);
  else world.kube.edit(refOf(world, address), 'kubectl-delete', (): Mutable | null => null);
}

function refOf({ kube }: FakePlaces, address: string): ObjectRef {
  const found = kube.snapshot().find((object) => addressOf(idOf(object)) === address);
  if (found) return idOf(found);
  throw new Error(`the world has no ${address}`);
}

function editFile({ host }: FakePlaces, path: string, set: Readonly<Record<string, unknown>>): void {
  const node = host.files.get(path);
  if (node?.kind !== 'file') throw new Error(`the world has no file ${path}`);
  const { content, ...attributes } = set;
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : node.content;
  host.files.set(path, { ...node, ...attributes, content: bytes });
}
