import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../../../src/model/host.ts';
import { plainService, type ServiceLive } from '../../../../src/resources/host/services/service.ts';
import { contractSuite } from '../../suite.ts';
import { typeOf } from '../types.ts';
import { openFakeSystemd, serviceWorlds } from './service-worlds.ts';

const type = typeOf(plainService);
const id = { name: 'hello' };

for (const [where, open] of Object.entries(serviceWorlds)) {
  contractSuite({
    name: `service by ${where}`,
    type,
    open,
    id: () => id,
    want: { state: 'running', boot: 'enabled' },
    drifts: {
      state: async (world) => await world.turn('stop'),
      boot: async (world) => await world.turn('disable'),
    },
    older: async (world) => await world.turn('enable'),
    snapshot: async (world) => world.snapshot(),
  });
}

describe.each(Object.entries(serviceWorlds))('settings of a service by %s', (_, open) => {
  const path = '/etc/hello.conf';
  const want = { state: 'running' } as const;

  it.each(['restart', 'reload'] as const)('that changed are taken by a %s, once', async (how) => {
    const world = await open();
    const watching = { ...id, settings: { [how]: [path] } };
    const look = async (): Promise<ServiceLive> => {
      const reading = await type.read(watching, world.reader);
      if (reading.is !== 'present') throw new Error('it does not run');
      return reading.live as ServiceLive;
    };
    const changes = async (): Promise<unknown> => type.diff(await look(), want).changes;
    const take = async (live: ServiceLive | null): Promise<void> => {
      expect((await type.write({ id: watching, want, live, options: {} }, world.writer)).is).toBe('written');
      expect(await changes()).toEqual([]);
    };
    try {
      await world.put(path, 'one');
      await take(null);
      await world.put(path, 'two');
      expect(await changes()).toMatchObject([{ path: how, how: 'restart', note: `${path} changed since` }]);
      await take(await look());
      await world.remove(path);
      expect(await changes()).toMatchObject([{ path: how }]);
      expect(type.diff(await look(), { state: 'stopped' }).changes.map((change) => change.path)).toEqual(['state']);
      await take(await look());
    } finally {
      await world.close();
    }
  });
});

describe('a service', () => {
  it('is masked and comes back as it was', async () => {
    for (const open of Object.entries(serviceWorlds).flatMap(([where, one]) => (/OpenRC/.test(where) ? [] : [one]))) {
      const world = await open();
      await world.turn('start');
      await world.turn('enable');
      const before = { state: 'running', boot: 'enabled' };
      const want = { state: 'stopped', boot: 'masked' } as const;
      const made = await type.write({ id, want, live: before, options: {} }, world.writer);
      expect(made).toEqual({ is: 'written', live: want });
      expect(await type.restore({ id, before, live: want }, world.writer)).toEqual({ is: 'written', live: before });
      await world.close();
    }
  });

  it('is refused where nothing manages services', async () => {
    const world = await openFakeSystemd();
    if (world.fake) world.fake.facts = { ...world.fake.facts, init: 'sleep' };
    const reading = await type.read(id, world.reader);
    expect(reading).toMatchObject({ is: 'unreadable', why: { code: 'host-lacks' } });
  });

  it('is unreadable, not absent, when systemd does not answer', async () => {
    const world = await openFakeSystemd();
    const silent: Partial<RunResult> = { status: 1, stderr: 'Failed to connect to bus: No such file or directory\n' };
    world.fake?.commands.push({ argv: ['systemctl', 'show'], run: () => silent });
    expect(await type.read(id, world.reader)).toMatchObject({ is: 'unreadable' });
  });
});
