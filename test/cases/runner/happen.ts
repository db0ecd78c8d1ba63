import type { KubeObject, ObjectRef } from '../../../src/model/kube.ts';
import { clientAt } from '../../../src/resources/keycloak/paths.ts';
import { addressOf, idOf } from '../../../src/resources/kubernetes/id.ts';
import type { Places } from '../../rig/world.ts';
import type { Edit, Given } from './case.ts';
import type { FakeIndex } from './fake-index.ts';
import { type Effects, putFile, teach } from './programs.ts';
import { setField } from './set-field.ts';

/** All places of a world whose HTTP is the fake index too. */
export type FakePlaces = Required<Places> & { readonly http: FakeIndex };

/** Lays out what a case says the world holds before. */
export function layOut({ host, kube, http }: FakePlaces, effects: Effects, given: Given): void {
  for (const path of given.folders ?? []) host.files.makeDirectories(path);
  for (const [path, text] of Object.entries(given.files ?? {})) putFile(host, path, text);
  for (const [name, version] of Object.entries(given.packages ?? {}))
    host.packages.installed.set(name, { version, auto: false });
  teach({ host, http }, given.programs ?? []);
  for (const address of given.done ?? []) effects.set(address, true);
  for (const object of (given.objects ?? []) as readonly KubeObject[])
    kube.edit(idOf(object), 'kubectl-create', (empty) => ({ ...empty, ...object }));
  for (const [path, value] of Object.entries(given.http ?? {})) http.resources.set(path, value);
}

/** Somebody else changes fields: of `file/etc/hosts`, `http/root/prod`, `Client/realm/name` or `Secret/devpi/redis`. */
export async function edit(places: FakePlaces, { edit: address, set }: Edit): Promise<void> {
  const { kind, path } = parted(address);
  if (kind === 'file') editFile(places, path, set);
  else if (kind === 'http') places.http.merge(path, set);
  else if (kind === 'Client') await places.keycloak.update(await clientPath(places, path), set);
  else
    places.kube.edit(refOf(places, address), 'kubectl-edit', (object) => {
      for (const [field, value] of Object.entries(set)) setField(object, field, value);
      return object;
    });
}

/** Somebody else deletes a file, a package, a client, an object or what the index holds; or a command's effect goes. */
export async function remove(places: FakePlaces, effects: Effects, address: string): Promise<void> {
  const { kind, path } = parted(address);
  if (kind === 'file') places.host.files.remove(path);
  else if (kind === 'http') places.http.resources.delete(path);
  else if (kind === 'Client') await places.keycloak.remove(await clientPath(places, path));
  else if (kind === 'package') places.host.packages.remove([path.slice(1)]);
  else if (kind === 'command') effects.set(address, false);
  else places.kube.edit(refOf(places, address), 'kubectl-delete', () => null);
}

async function clientPath({ keycloak }: FakePlaces, path: string): Promise<string> {
  const [, realm = '', clientId = ''] = path.split('/');
  const found = await clientAt(realm, clientId, keycloak);
  if (!found) throw new Error(`realm ${realm} has no client ${clientId}`);
  return `${realm}/clients/${String(found.id)}`;
}

// The path keeps its slash.
function parted(address: string): { readonly kind: string; readonly path: string } {
  const slash = address.indexOf('/');
  return { kind: address.slice(0, slash), path: address.slice(slash) };
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
