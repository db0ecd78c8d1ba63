import { describe, expect, it } from 'vitest';
import type { StepInstance } from '../../src/model/project.ts';
import type { Resources, Step } from '../../src/model/step.ts';
import { existing } from '../../src/resources/kubernetes/kinds/existing.ts';
import { action } from '../../src/resources/world/action.ts';
import { FakeIndex } from '../cases/runner/fake-index.ts';
import { instancesOf } from '../cases/runner/instances.ts';
import { World } from '../rig/world.ts';

const claim = existing.object({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  namespace: 'devpi',
  name: 'devpi-data-pvc',
});
const basic = { user: 'root', password: 'any' };

/** What `devpi/82_index` was before there were types for what is in a devpi-server. */
function byAction(id: string, path: string, want: object) {
  const url = `https://devpi-api.cairn.localhost${path}`;
  return action(
    {
      id,
      want,
      async read({ http }) {
        const { status, body } = await http.send(url);
        return status === 404 ? null : (JSON.parse(body) as { result: object }).result;
      },
      run: async ({ http }, { state }) => {
        await http.send(url, { method: state === null ? 'PUT' : 'PATCH', basic, json: want });
      },
      undo: async ({ http }) => {
        await http.send(url, { method: 'DELETE', basic });
      },
    },
    { inside: claim },
  );
}

const actions = (password: string): Resources => ({
  user: byAction('devpi-user-admin', '/admin', { password }),
  publicIndex: byAction('devpi-index-root/pypi', '/root/pypi', { type: 'mirror', mirror_no_project_list: true }),
  packages: byAction('devpi-index-root/prod', '/root/prod', {
    type: 'stage',
    volatile: false,
    bases: ['root/pypi'],
    acl_upload: ['admin'],
  }),
});

/** The world after a run of the older form of the step. */
async function olderWorld(): Promise<{ readonly world: World; readonly before: unknown }> {
  const needed = ['platform/10_authority', 'platform/20_traefik', 'platform/25_gateway', 'devpi/10_namespace'];
  const own = ['devpi/20_storage', 'devpi/65_passwords', 'devpi/70_deploy_devpi', 'devpi/80_ingress', 'devpi/82_index'];
  const all = await instancesOf([...needed, ...own], { devpi: { adminPassword: 'the-password', delivery: 'direct' } });
  const index = new FakeIndex();
  index.merge('/root/pypi', { type: 'mirror', mirror_url: 'https://packages.example.org/simple/' });
  const earlier = new World(
    all.filter(({ id }) => needed.includes(id)),
    { http: index },
  );
  expect(await earlier.up({ verify: false })).toMatchObject({ code: 0 });
  const { host, kube, keycloak, git, http } = earlier;
  const steps = all.filter(({ id }) => own.includes(id));
  const world = new World(steps.map(inOldForm), { host, kube, keycloak, git, http });
  const before = kube.snapshot();
  expect(await world.up({ verify: false })).toMatchObject({ code: 0 });
  world.use(steps);
  return { world, before };
}

function inOldForm(instance: StepInstance): StepInstance {
  if (instance.id !== 'devpi/82_index') return instance;
  const step: Step = { ...instance.step, resources: () => actions('the-password') };
  return { ...instance, step };
}

describe('a step that did by actions what it does by types now', () => {
  it('finds everything as it should be, and no plan goes on about the actions', async () => {
    const { world } = await olderWorld();
    const { steps } = await world.plan();
    expect(steps.flatMap(({ changes }) => changes).filter(({ verb }) => verb === 'kept')).toEqual([]);
    expect(await world.pending()).toEqual([]);
    expect(await world.up({ verify: false })).toMatchObject({ code: 0 });
  });

  it('is undone with the claim on which all of it lies', async () => {
    const { world, before } = await olderWorld();
    await world.up({ verify: false });
    const lines = (await world.planUndo()).plan.steps.flatMap(({ changes }) => changes.map(({ verb }) => verb));
    expect(new Set(lines)).toEqual(new Set(['remove']));
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(world.kube.snapshot()).toEqual(before);
    expect((await world.planUndo()).plan.steps).toEqual([]);
  });
});
