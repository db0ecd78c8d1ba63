import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../../../src/model/host.ts';
import { plainService, type ServiceLive } from '../../../../src/resources/host/services/service.ts';
import { contractSuite } from '../../suite.ts';
import { typeOf } from '../types.ts';
import { type SystemWorld, systems } from './worlds.ts';

interface ServiceWorld extends SystemWorld {
  by(systemd: string, openrc: string): void;
}

const script = `#!/sbin/openrc-run
extra_started_commands=reload
reload() { :; }
command=/bin/sleep
command_args=1000
command_background=true
pidfile=/run/hello.pid
`;
const folders = 'daemons exclusive failed hotplugged inactive options scheduled started starting stopping wasinactive';

// OpenRC as it stands once a system is up; its dependencies are of no matter here.
async function openOpenrc(): Promise<ServiceWorld> {
  const world = await systems['a Debian of its own']?.();
  if (!world) throw new Error('no Debian of its own');
  world.sh(`mkdir -p /run/openrc; cd /run/openrc; mkdir -p ${folders}; echo default >softlevel`);
  world.put('/etc/init.d/hello', script);
  world.sh('chmod 755 /etc/init.d/hello; rc-update -q -u 2>/dev/null || true');
  return {
    ...world,
    by: (_, openrc) => world.sh(openrc),
    close: async () => {
      world.sh('rc-service -q hello stop || true');
      await world.close();
    },
  };
}

async function openSystemd(): Promise<ServiceWorld> {
  const world = await systems['a fake host']?.();
  const services = world?.fake?.services;
  if (!world || !services) throw new Error('no fake host');
  services.set('hello', { isActive: false, file: 'disabled' });
  const by = (systemd: string): void => {
    const unit = services.get('hello');
    if (unit) services.set('hello', { ...unit, ...(JSON.parse(systemd) as object) });
  };
  return { ...world, by };
}

const snapshots = {
  'systemd of a fake host': async (world: SystemWorld): Promise<unknown> => world.fake?.snapshot(),
  'OpenRC of a Debian of its own': async (): Promise<unknown> => undefined,
};

for (const [where, open] of Object.entries({
  'systemd of a fake host': openSystemd,
  ...('a Debian of its own' in systems ? { 'OpenRC of a Debian of its own': openOpenrc } : {}),
})) {
  contractSuite({
    name: `service by ${where}`,
    type: typeOf(plainService),
    open,
    id: () => ({ name: 'hello' }),
    want: { state: 'running', boot: 'enabled' },
    drifts: {
      state: async (world) => world.by('{"isActive":false}', 'rc-service -q hello stop'),
      boot: async (world) => world.by('{"file":"disabled"}', 'rc-update -q del hello default'),
    },
    older: async (world) => world.by('{"file":"enabled"}', 'rc-update -q add hello default'),
    snapshot: snapshots[where as keyof typeof snapshots],
  });
}

const type = typeOf(plainService);
const id = { name: 'hello' };

describe('a service', () => {
  it('is masked and comes back as it was', async () => {
    const world = await openSystemd();
    world.by('{"isActive":true,"file":"enabled"}', '');
    const before = { state: 'running', boot: 'enabled' };
    const want = { state: 'stopped', boot: 'masked' } as const;
    const made = await type.write({ id, want, live: before, options: {} }, world.writer);
    expect(made).toEqual({ is: 'written', live: want });
    expect(await type.restore({ id, before, live: want }, world.writer)).toEqual({ is: 'written', live: before });
  });

  it('is refused where nothing manages services', async () => {
    const world = await openSystemd();
    if (world.fake) world.fake.facts = { ...world.fake.facts, init: 'sleep' };
    const reading = await type.read(id, world.reader);
    expect(reading).toMatchObject({ is: 'unreadable', why: { code: 'host-lacks' } });
  });

  it('is unreadable, not absent, when systemd does not answer', async () => {
    const world = await openSystemd();
    const silent: Partial<RunResult> = { status: 1, stderr: 'Failed to connect to bus: No such file or directory\n' };
    world.fake?.commands.push({ argv: ['systemctl', 'show'], run: () => silent });
    expect(await type.read(id, world.reader)).toMatchObject({ is: 'unreadable' });
  });
});

describe.each(
  Object.entries({
    'systemd of a fake host': openSystemd,
    ...('a Debian of its own' in systems ? { 'OpenRC of a Debian of its own': openOpenrc } : {}),
  }),
)('settings of a service by %s', (_, open) => {
  const path = '/etc/hello.conf';

  it.each(['restart', 'reload'] as const)('that changed are taken by a %s, once', async (how) => {
    const world = await open();
    world.put(path, 'one');
    const watching = { ...id, settings: { [how]: [path] } };
    const look = async (): Promise<ServiceLive> => {
      const reading = await type.read(watching, world.reader);
      if (reading.is !== 'present') throw new Error('it does not run');
      return reading.live as ServiceLive;
    };
    const want = { state: 'running' } as const;
    const take = async (live: ServiceLive | null): Promise<void> => {
      expect(await type.write({ id: watching, want, live, options: {} }, world.writer)).toMatchObject({
        is: 'written',
      });
    };
    try {
      await take(null);
      expect(type.diff(await look(), want).changes).toEqual([]);
      world.put(path, 'two');
      expect(type.diff(await look(), want).changes).toMatchObject([{ path: how, how: 'restart' }]);
      await take(await look());
      expect(type.diff(await look(), want).changes).toEqual([]);
      world.sh(`rm ${path}`);
      world.fake?.files.remove(path);
      await take(await look());
      expect(type.diff(await look(), want).changes).toEqual([]);
      expect(type.diff(await look(), { state: 'stopped' }).changes.map((change) => change.path)).toEqual(['state']);
    } finally {
      await world.close();
    }
  });
});
