import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LiveConnections, type Openers } from '../../src/cli/connections.ts';
import { Pins } from '../../src/cli/pins.ts';
import { clusterId } from '../../src/model/connections.ts';
import { problem } from '../../src/model/diagnostic.ts';
import type { ClusterTarget } from '../../src/model/project.ts';
import { folderOf } from '../rig/folder.ts';

const target: ClusterTarget = {
  kind: 'cluster',
  name: 'kit',
  kubeconfig: '/none',
  context: 'none',
  providedBy: 'kind/50_cluster',
};

/** Connections to whatever cluster stands under the name just now; undefined: none. */
function standing(uid: string | undefined): { connections: LiveConnections; put(uid: string | undefined): void } {
  let now = uid;
  const openers: Openers = {
    host: () => Promise.reject(new Error('no host here')),
    endpoint: () => Promise.reject(new Error('no service here')),
    cluster: ({ name }) =>
      Promise.resolve(
        now === undefined
          ? { is: 'absent', providedBy: 'kind/50_cluster' }
          : { is: 'open', id: clusterId(name, now), uid: now, locks: { acquire: () => Promise.reject(problem) } },
      ),
  };
  const nothing = { http: { send: () => Promise.reject(problem) } } as never;
  const connections = new LiveConnections(openers, new Pins(join(folderOf('pins'), 'clusters.json')), nothing);
  return {
    connections,
    put(next) {
      now = next;
    },
  };
}

test('a cluster that was taken back is gone, by the id that it had', async () => {
  const { connections, put } = standing('aaa');
  expect(await connections.open(target)).toMatchObject({ is: 'open' });
  put(undefined);
  expect(await connections.reopen(target)).toMatchObject({ now: { is: 'absent' }, gone: 'cluster:kit/aaa' });
  expect(await connections.reopen(target)).not.toHaveProperty('gone');
});

test('a cluster that was made anew replaces the one before, and the same one is not gone', async () => {
  const { connections, put } = standing('aaa');
  await connections.open(target);
  put('bbb');
  expect(await connections.reopen(target)).toMatchObject({ now: { id: 'cluster:kit/bbb' }, gone: 'cluster:kit/aaa' });
  expect(await connections.reopen(target)).not.toHaveProperty('gone');
});

test('the first one replaces nothing', async () => {
  const { connections, put } = standing(undefined);
  expect(await connections.open(target)).toMatchObject({ is: 'absent' });
  put('aaa');
  expect(await connections.reopen(target)).toEqual({ now: expect.objectContaining({ is: 'open' }) });
});
