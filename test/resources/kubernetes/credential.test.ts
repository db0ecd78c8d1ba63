import { describe, expect, it } from 'vitest';
import { CairnError, problem } from '../../../src/model/diagnostic.ts';
import type { ObjectRef } from '../../../src/model/kube.ts';
import { reveal } from '../../../src/model/secret.ts';
import { restore, type Step, step } from '../../../src/model/step.ts';
import { credential } from '../../../src/resources/kubernetes/issued/credential.ts';
import { generated } from '../../../src/resources/kubernetes/issued/generated.ts';
import { secret } from '../../../src/resources/kubernetes/kinds/secret.ts';
import { World } from '../../rig/world.ts';
import { configMap } from '../../run/things.ts';

const ref: ObjectRef = { apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: 'robot' };

/** A service that gives out tokens, and takes the last ones. */
class Service {
  isThere = true;
  made = 0;
  readonly taken = new Set<string>();

  readonly steps: Readonly<Record<string, Step>> = {
    'demo/10_robot': step({
      summary: 'A robot and its token',
      on: 'cluster',
      undo: restore,
      resources: () => {
        const robot = secret({
          namespace: 'default',
          name: 'robot',
          data: { user: 'robot', salt: generated(12), token: this.token },
        });
        const seen = configMap('default', 'seen', { uid: robot.out.uid });
        return { robot, seen };
      },
    }),
  };

  readonly token = credential({
    accepts: (value) => {
      if (!this.isThere) return Promise.reject(new CairnError(problem('http-unreachable', 'nobody answers')));
      return Promise.resolve(this.taken.has(reveal(value)));
    },
    make: () => {
      this.made += 1;
      const token = `token-canary-${this.made}`;
      this.taken.add(token);
      return Promise.resolve(token);
    },
  });
}

async function valueAt(world: World, key: string): Promise<string> {
  const found = await world.kube.get(ref);
  const data = found?.data as Readonly<Record<string, string>> | undefined;
  return Buffer.from(data?.[key] ?? '', 'base64').toString();
}

describe('a credential', () => {
  it('is asked for once, and kept while its service accepts it, also by another machine', async () => {
    const service = new Service();
    const world = new World(service.steps);
    const before = world.snapshot();
    expect(await world.up()).toMatchObject({ code: 0, recap: [{ counts: { created: 2 } }] });
    expect(await valueAt(world, 'token')).toBe('token-canary-1');
    expect(await world.pending()).toEqual([]);
    const elsewhere = new World(service.steps, world);
    expect(await elsewhere.up()).toMatchObject({ code: 0, recap: [{ counts: { unchanged: 2 } }] });
    expect(service.made).toBe(1);
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(before);
  });

  it('is made anew when it is refused, and what is beside it stays', async () => {
    const service = new Service();
    const world = new World(service.steps);
    await world.up();
    const salt = await valueAt(world, 'salt');
    service.taken.clear();
    const [line] = (await world.plan()).steps.flatMap(({ changes }) => changes);
    expect(line).toMatchObject({
      verb: 'update',
      fields: [{ path: 'data.token', secret: true, note: 'its service refuses it' }],
    });
    expect(await world.up()).toMatchObject({ code: 0 });
    expect([await valueAt(world, 'token'), await valueAt(world, 'salt')]).toEqual(['token-canary-2', salt]);
    expect(await world.pending()).toEqual([]);
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(await world.kube.get(ref)).toBeNull();
  });

  it('is made anew when somebody put another one in its place', async () => {
    const service = new Service();
    const world = new World(service.steps);
    await world.up();
    const theirs = Buffer.from('theirs').toString('base64');
    world.kube.edit(ref, 'kubectl-edit', (object) => ({
      ...object,
      data: { ...(object.data as object), token: theirs },
    }));
    expect(await world.pending()).toEqual(['update Secret default/robot', 'undecided ConfigMap default/seen']);
    await world.up();
    expect(await valueAt(world, 'token')).toBe('token-canary-2');
    expect(await world.pending()).toEqual([]);
  });

  it('is never taken for refused where nobody can say', async () => {
    const service = new Service();
    const world = new World(service.steps);
    await world.up();
    service.isThere = false;
    const [line] = (await world.plan()).steps.flatMap(({ changes }) => changes);
    expect(line).toMatchObject({ verb: 'refused', problem: { code: 'http-unreachable' } });
    expect(service.made).toBe(1);
  });

  it('shows nowhere', async () => {
    const service = new Service();
    const world = new World(service.steps);
    await world.up();
    service.taken.clear();
    await world.up();
    expect(JSON.stringify([world.events, await world.plan()])).not.toContain('token-canary');
  });
});
