import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from '../../src/model/kube.ts';
import { type Checkout, checkoutOf, type Ran } from '../cli/rig.ts';
import type { ApiServer } from '../rig/apiserver.ts';
import { pathOf } from '../rig/programs.ts';

const objects = `
import { initially, k8s, restore, step, T } from '@cairnhq/cairn';

const revive = (value) =>
  Array.isArray(value)
    ? value.map(revive)
    : value !== null && typeof value === 'object'
      ? '$initially' in value
        ? initially(value.$initially)
        : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revive(inner)]))
      : value;

export default step({
  summary: 'What a test declares',
  on: 'cluster',
  vars: T.Object({ objects: T.Array(T.Any()) }),
  resources: ({ vars }) =>
    Object.fromEntries(vars.objects.map((one) => [one.kind + '-' + one.metadata.name, k8s.object(revive(one))])),
  undo: restore,
});
`;

/** A field that is set once and left to others. */
export const once = (value: unknown): unknown => ({ $initially: value });

export type Declared = Omit<KubeObject, 'metadata'> & { readonly metadata: Partial<KubeObject['metadata']> };

/** A user's project against a real API server, and the program itself in it. */
export interface Peer extends Checkout {
  /** What its only step declares from now on. */
  declare(...wanted: readonly Declared[]): void;
  plan(): Promise<Ran>;
  up(...words: readonly string[]): Promise<Ran>;
  undo(...words: readonly string[]): Promise<Ran>;
}

/** @param files laid over it: other steps, charts, manifests */
export function peerOn(rig: ApiServer, files: Iterable<readonly [string, string]> = []): Peer {
  const checkout = checkoutOf('shop', [
    ['steps/peer/10_objects.ts', objects],
    ['inventory/local/hosts.yaml', 'all: { hosts: { localhost: { ansible_connection: local } } }\n'],
    ['inventory/local/group_vars/all.yaml', '{}\n'],
    [
      'inventory/local/clusters.yaml',
      `clusters: { rig: { kubeconfig: ${rig.kubeconfig}, context: ${rig.context} } }\n`,
    ],
    ['playbooks/peer.yaml', playbookOf([])],
    // Of the fixture, whose inventory this is not.
    ['playbooks/shop.yaml', 'components: []\n'],
    ['playbooks/machine.yaml', 'components: []\n'],
    ...files,
  ]);
  const { root } = checkout;
  // Programs go by their plain names.
  mkdirSync(join(root, 'bin'));
  for (const name of ['helm', 'kubectl'] as const) symlinkSync(pathOf(name), join(root, 'bin', name));
  const env = { PATH: `${join(root, 'bin')}:${process.env.PATH}` };
  const cairn: Checkout['cairn'] = (words, more) => checkout.cairn(words, { ...env, ...more });
  return {
    root,
    cairn,
    declare: (...wanted) => writeFileSync(join(root, 'playbooks/peer.yaml'), playbookOf(wanted)),
    plan: () => cairn(['plan', 'playbooks/peer.yaml']),
    up: (...words) => cairn(['up', 'playbooks/peer.yaml', '--yes', '--timeout', '100s', ...words]),
    undo: (...words) => cairn(['undo', 'playbooks/peer.yaml', '--yes', ...words]),
  };
}

export function playbookOf(wanted: readonly Declared[]): string {
  return JSON.stringify({ components: [{ component: 'peer', cluster: 'rig', vars: { objects: wanted } }] });
}
