import { host, requirement, restore, step } from '@cairnhq/cairn';
import { store } from '../../roles/store/index.ts';

export default step({
  summary: 'A disk for the store',
  on: 'hosts',
  vars: store.vars,
  resources: ({ vars: { folder } }) => ({
    memory: requirement({
      id: '64 MiB of memory',
      async test({ host }) {
        const { stdout } = await host.ask({
          ask: 'run',
          argv: ['sed', '-n', 's/^MemAvailable: *//p', '/proc/meminfo'],
        });
        const free = Number.parseInt(stdout, 10) / 1024;
        return (
          free >= 64 || { summary: `${Math.round(free)} MiB of memory are free, 64 are needed`, help: 'make room' }
        );
      },
    }),
    folder: host.directory({ path: folder }),
    disk: host.mount({ path: folder, source: 'tmpfs', type: 'tmpfs', options: 'size=16m,mode=0755' }),
  }),
  undo: restore,
});
