import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { Absent } from '../state.ts';
import { stateType } from '../state.ts';
import { managerOf, type ServiceState } from './manager.ts';

export interface ServiceId {
  /** As its manager calls it: `nginx`, `backup.timer`. */
  readonly name: string;
}

/** What is left out stays as it is. `absent`: stopped and disabled. */
export interface ServiceWant extends Absent {
  readonly state?: 'running' | 'stopped';
  /** Whether it starts with the system; masked (systemd): nothing can start it. */
  readonly boot?: 'enabled' | 'disabled' | 'masked';
}

/** A service of systemd or OpenRC: whether it runs, and whether it starts with the system. Undo gives both back. */
export const service = stateType<ServiceId, ServiceWant, ServiceState>({
  name: 'service',
  identity: ['name'],
  address: ({ name }) => `service/${plainName(name)}`,
  title: ({ name }) => `service ${name}`,
  // A package may start what it brings.
  probes: () => true,
  fields: ['state', 'boot'],
  // What is stopped and disabled is as good as not there: a service that doesn't exist yet comes with a file or a package.
  look: async ({ name }, from) => {
    const live = await (await managerOf(from)).look(name, from);
    return live?.state === 'stopped' && live.boot === 'disabled' ? null : live;
  },
  wish: ({ state, boot }) => ({ ...(state ? { state } : {}), ...(boot ? { boot } : {}) }),
  steps: async ({ id: { name }, from, to }, host) => {
    const manager = await managerOf(host);
    const off: ServiceState = { state: 'stopped', boot: from?.boot === 'static' ? 'static' : 'disabled' };
    const commands = manager.change(name, from ?? off, to ?? off);
    return { operations: commands.map((argv) => ({ do: 'run', argv })) };
  },
});

function plainName(name: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9:_.@\\-]*$/.test(name)) return name;
  throw new CairnError(problem('bad-service-name', `${JSON.stringify(name)} can't be the name of a service`));
}
