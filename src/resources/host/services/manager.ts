import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { HostReader, RunSpec } from '../../../model/host.ts';
import { hasTool } from '../tools.ts';
import { openrc } from './openrc.ts';
import { systemd } from './systemd.ts';

/** What a service manager says of a service. */
export interface ServiceState {
  readonly state: 'running' | 'stopped';
  /** Starts with the system; masked: can't be started at all. */
  readonly boot: 'enabled' | 'disabled' | 'masked' | 'static';
}

/** When a service that runs last took its settings, microseconds since 1970. */
export interface Since {
  /** All of them: when it was started. */
  readonly restart: number;
  /** Those for which a reload is enough; 0: its last reload failed. */
  readonly reload: number;
}

/** How a service takes new settings. */
export type Renewal = keyof Since;

type Argv = RunSpec['argv'];

/** A service manager, as commands. */
export interface Manager {
  look(name: string, from: HostReader): Promise<ServiceState | null>;
  since(name: string, from: HostReader): Promise<Since>;
  /** Commands that bring a service from one state to another, in order. */
  change(name: string, from: ServiceState, to: Partial<ServiceState>): readonly Argv[];
  /** Commands by which one that runs takes new settings. */
  renew(name: string, how: Renewal): readonly Argv[];
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
