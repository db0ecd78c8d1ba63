import { expect, it } from 'vitest';
import { cron } from '../../../../src/resources/host/scheduled/cron.ts';
import { contractSuite } from '../../suite.ts';
import { typeOf } from '../types.ts';
import { type SystemWorld, systems } from './worlds.ts';

const table = '/var/spool/cron/crontabs/root';

// What `crontab` writes before what it was given.
function jobs(world: SystemWorld): string {
  return world
    .text(table)
    .split('\n')
    .filter((line) => !/^# (DO NOT EDIT|\(|.*installed on)/.test(line))
    .join('\n');
}

for (const [where, open] of Object.entries(systems)) {
  for (const others of ['', 'MAILTO=ada\n# mine\n5 4 * * sun  true\n']) {
    contractSuite({
      name: `cron job beside ${others === '' ? 'nothing' : 'others'} on ${where}`,
      type: typeOf(cron),
      open: async () => {
        const world = await open();
        if (others !== '') put(world, others);
        return world;
      },
      id: () => ({ user: 'root', name: 'nightly' }),
      want: { schedule: '30  2 * * *', command: "backup --to '/srv' \\%" },
      drifts: {
        schedule: async (world) => put(world, jobs(world).replace('30 2', '31 2')),
        command: async (world) => put(world, jobs(world).replace('/srv', '/tmp')),
      },
      older: async (world) => put(world, `# cairn: nightly\n@daily old\n${others}`),
      snapshot: async (world) => jobs(world),
    });
  }
}

function put(world: SystemWorld, text: string): void {
  if (world.fake) world.put(table, text);
  else world.sh(`crontab -u root - <<'EOF'\n${text}EOF`);
}

it('a cron job without a schedule that cron knows is refused', () => {
  const type = typeOf(cron);
  expect(() => type.diff(null, { schedule: 'every day', command: 'true' })).toThrow(/no schedule for cron/);
});
