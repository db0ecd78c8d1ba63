import type { HostReader, RunSpec } from '../../../model/host.ts';
import type { Manager, ServiceState } from './manager.ts';
import { succeed } from './succeed.ts';

const bus = 'org.freedesktop.systemd1';
// Units that were just written are known only after it.
const reread = ['systemctl', 'daemon-reload'] as const;

/** systemd by systemctl, and by busctl for times, which every version of it prints to the microsecond. */
export const systemd: Manager = {
  look: async (name, from) => {
    const shown = await show(name, ['LoadState', 'ActiveState', 'UnitFileState'], from);
    const load = shown.get('LoadState');
    if (load === 'not-found' || load === undefined) return null;
    const file = shown.get('UnitFileState') ?? '';
    const active = ['active', 'activating', 'reloading'].includes(shown.get('ActiveState') ?? '');
    return { state: active ? 'running' : 'stopped', boot: load === 'masked' ? 'masked' : bootOf(file) };
  },
  since: async (name, from) => {
    const shown = await show(name, ['Id', 'ReloadResult'], from);
    const unit = `/org/freedesktop/systemd1/unit/${encoded(shown.get('Id') ?? name)}`;
    const times = ['InactiveExitTimestamp', 'StateChangeTimestamp'];
    const { stdout } = await succeed(['busctl', 'get-property', bus, unit, `${bus}.Unit`, ...times], from);
    const [restart = 0, reload = 0] = stdout.split('\n').map((line) => Number(line.replace(/^t /, '')));
    // Only services can be reloaded, and say how that went.
    const hasFailed = !['success', undefined].includes(shown.get('ReloadResult'));
    return { restart, reload: hasFailed ? 0 : reload };
  },
  change: (name, from, to) => {
    const call = callsOf(name);
    const boot = to.boot ?? from.boot;
    const state = to.state ?? from.state;
    const unmasks = from.boot === 'masked' && boot !== 'masked';
    const enabling = boot === 'enabled' ? call('enable') : call('disable');
    return [
      reread,
      ...(unmasks ? [call('unmask')] : []),
      ...(state === 'stopped' && from.state === 'running' ? [call('stop')] : []),
      ...(boot !== from.boot && (boot === 'enabled' || boot === 'disabled') ? [enabling] : []),
      ...(boot === 'masked' && from.boot !== 'masked' ? [call('mask')] : []),
      ...(state === 'running' && from.state === 'stopped' ? [call('start')] : []),
    ];
  },
  renew: (name, how) => [reread, callsOf(name)(how)],
};

function callsOf(name: string): (verb: string) => RunSpec['argv'] {
  return (verb) => ['systemctl', verb, '--', name];
}

async function show(name: string, wanted: readonly string[], from: HostReader): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await succeed(['systemctl', 'show', `--property=${wanted.join(',')}`, '--', name], from);
  return new Map(stdout.split('\n').map((line) => line.split('=') as [string, string]));
}

// What has no [Install] section can't be enabled: it runs when something asks for it.
function bootOf(file: string): ServiceState['boot'] {
  if (file === 'enabled' || file === 'enabled-runtime') return 'enabled';
  return ['static', 'indirect', 'generated', 'alias', 'transient'].includes(file) ? 'static' : 'disabled';
}

/** A unit's name in a path of the bus, as sd_bus_path_encode(3) writes it. */
function encoded(unit: string): string {
  const code = (sign: string): string => `_${sign.charCodeAt(0).toString(16).padStart(2, '0')}`;
  return unit.replace(/^\d|[^A-Za-z0-9]/g, code);
}
