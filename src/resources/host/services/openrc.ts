import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { Manager } from './manager.ts';
import { succeed } from './succeed.ts';

/** OpenRC, of which the runlevel `default` is what starts with the system. */
export const openrc: Manager = {
  look: async (name, from) => {
    const [script, status, levels] = await Promise.all([
      from.ask({ ask: 'stat', path: `/etc/init.d/${name}` }),
      from.ask({ ask: 'run', argv: ['rc-service', name, 'status'] }),
      succeed(['rc-update', 'show', 'default'], from),
    ]);
    if (script === null) return null;
    const enabled = levels.stdout.split('\n').some((line) => line.split('|')[0]?.trim() === name);
    return { state: status.status === 0 ? 'running' : 'stopped', boot: enabled ? 'enabled' : 'disabled' };
  },
  since: async (name, from) => {
    const time = (await from.ask({ ask: 'changed', path: startedMark(name) })) ?? 0;
    return { restart: time, reload: time };
  },
  change: (name, from, to) => {
    if (to.boot === 'masked' || to.boot === 'static') throw noMask(name);
    const boot = to.boot ?? from.boot;
    const turn = boot === 'enabled' ? 'add' : 'del';
    return [
      ...(to.state === 'stopped' && from.state === 'running' ? [['rc-service', name, 'stop'] as const] : []),
      ...(boot === from.boot ? [] : [['rc-update', '-q', turn, name, 'default'] as const]),
      ...(to.state === 'running' && from.state === 'stopped' ? [['rc-service', name, 'start'] as const] : []),
    ];
  },
  // OpenRC remembers when it started a service, and no reload: that is noted at the same place.
  renew: (name, how) => [
    ['rc-service', name, how],
    ...(how === 'reload' ? [['touch', '-h', '--', startedMark(name)] as const] : []),
  ],
};

/** The link by which OpenRC knows that it started a service. */
function startedMark(name: string): string {
  return `/run/openrc/started/${name}`;
}

function noMask(name: string): CairnError {
  return new CairnError(
    problem('host-lacks', `OpenRC can't mask ${name}`, { help: 'say boot: disabled and state: stopped instead' }),
  );
}
