import { keep, step } from '@cairnhq/cairn';
import { kind } from '../../roles/kind/index.ts';
import { freeDisk, freePort, memory, program } from '../../roles/kind/machine.ts';

export default step({
  summary: 'This machine has what a cluster needs',
  on: 'hosts',
  vars: kind.vars,
  resources: ({ vars }) => ({
    disk: freeDisk(vars.cache, 10),
    memory: memory(4),
    http: freePort(80, `${vars.state}/kubeconfig`),
    https: freePort(443, `${vars.state}/kubeconfig`),
    go: program('go', 'install Go from https://go.dev/dl to /usr/local/go, or where root finds it in its path'),
    apt: program('apt-get', 'this recipe installs Debian packages; use a Debian or Ubuntu machine'),
  }),
  undo: keep('it only looks'),
});
