import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { HostReader, RunResult, RunSpec } from '../../../model/host.ts';
import { hasTool } from '../tools.ts';

/** What a service manager says of a service. */
export interface ServiceState {
  readonly state: 'running' | 'stopped';
  /** Starts with the system; masked: can't be started at all. */
  readonly boot: 'enabled' | 'disabled' | 'masked' | 'static';
}

/** A service manager, as commands. */
export interface Manager {
  look(name: string, from: HostReader): Promise<ServiceState | null>;
  /** Commands that bring a service from one state to another, in order. */
  change(name: string, from: ServiceState, to: Partial<ServiceState>): readonly RunSpec['argv'][];
}

/** The manager of a host: systemd where it is the first process, else OpenRC. Rejects with `host-lacks` where there is neither. */
export async function managerOf(from: HostReader): Promise<Manager> {
  const { init } = await from.ask({ ask: 'facts' });
  if (init === 'systemd') return systemd;
  if (await hasTool('rc-service', from)) return openrc;
  throw new CairnError(
    problem('host-lacks', `the host runs neither systemd nor OpenRC: its first process is ${init || 'unknown'}`, {
      help: 'in a container, start the program by host.command, or as the container’s own',
    }),
  );
}

const systemd: Manager = {
  look: async (name, from) => {
    const argv = ['systemctl', 'show', '--property=LoadState,ActiveState,UnitFileState', '--', name] as const;
    const shown = new Map(
      (await succeed(argv, from)).stdout.split('\n').map((line) => line.split('=') as [string, string]),
    );
    const load = shown.get('LoadState');
    if (load === 'not-found' || load === undefined) return null;
    const file = shown.get('UnitFileState') ?? '';
    const active = ['active', 'activating', 'reloading'].includes(shown.get('ActiveState') ?? '');
    return { state: active ? 'running' : 'stopped', boot: load === 'masked' ? 'masked' : bootOf(file) };
  },
  change: (name, from, to) => {
    const call = (...words: readonly string[]): RunSpec['argv'] => ['systemctl', ...words, '--', name];
    const boot = to.boot ?? from.boot;
    const state = to.state ?? from.state;
    const unmasks = from.boot === 'masked' && boot !== 'masked';
    const enabling = boot === 'enabled' ? call('enable') : call('disable');
    return [
      // Units that were just written are known only after it.
      ['systemctl', 'daemon-reload'],
      ...(unmasks ? [call('unmask')] : []),
      ...(state === 'stopped' && from.state === 'running' ? [call('stop')] : []),
      ...(boot !== from.boot && (boot === 'enabled' || boot === 'disabled') ? [enabling] : []),
      ...(boot === 'masked' && from.boot !== 'masked' ? [call('mask')] : []),
      ...(state === 'running' && from.state === 'stopped' ? [call('start')] : []),
    ];
  },
};

// What has no [Install] section can't be enabled: it runs when something asks for it.
function bootOf(file: string): ServiceState['boot'] {
  if (file === 'enabled' || file === 'enabled-runtime') return 'enabled';
  return ['static', 'indirect', 'generated', 'alias', 'transient'].includes(file) ? 'static' : 'disabled';
}

const openrc: Manager = {
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
};

async function succeed(argv: RunSpec['argv'], from: HostReader): Promise<RunResult> {
  const result = await from.ask({ ask: 'run', argv });
  if (result.status === 0) return result;
  const detail = result.stderr.split('\n').filter((line) => line !== '');
  throw new CairnError(
    problem('unreadable', `could not ask the service manager: ${detail[0] ?? argv.join(' ')}`, { detail }),
  );
}

function noMask(name: string): CairnError {
  return new CairnError(
    problem('host-lacks', `OpenRC can't mask ${name}`, { help: 'say boot: disabled and state: stopped instead' }),
  );
}
