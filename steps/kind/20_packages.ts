import { derive, host, restore, step } from '@cairnhq/cairn';
import { containerEngine, kind } from '../../roles/kind/index.ts';

const always = ['mmdebstrap', 'zstd', 'iptables', 'nftables'];
const forPodman = ['podman', 'runc', 'netavark', 'aardvark-dns'];
const why = 'installed packages stay';

export default step({
  summary: 'The programs that build and run the node',
  on: 'hosts',
  vars: kind.vars,
  resources() {
    const engine = containerEngine();
    const when = derive([engine.out.name], (name) => name === 'podman');
    const podman = forPodman.map((name) => [
      name,
      host.package({ name }, { when, because: 'Docker works here' }).keep(why),
    ]);
    return {
      engine,
      ...Object.fromEntries([...always.map((name) => [name, host.package({ name }).keep(why)]), ...podman]),
    };
  },
  undo: restore,
});
