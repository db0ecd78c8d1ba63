import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { HostReader, Operation } from '../../../model/host.ts';
import { guardsFor, lookAt } from '../path-image.ts';
import { type Absent, stateType } from '../state.ts';
import { needTools } from '../tools.ts';

export interface KernelModuleId {
  readonly name: string;
}

export interface KernelModuleWant extends Absent {
  /** Loaded now; default true. */
  readonly loaded?: boolean;
  /** Loaded when the system starts; default true. */
  readonly boot?: boolean;
}

export interface KernelModuleState {
  readonly loaded: boolean;
  readonly boot: boolean;
}

const own = { mode: '0644', owner: 'root', group: 'root' } as const;

/** A module of the kernel: loaded now, and by a file of its own under /etc/modules-load.d at the next start. */
export const kernelModule = stateType<KernelModuleId, KernelModuleWant, KernelModuleState>({
  name: 'kernelModule',
  identity: ['name'],
  address: ({ name }) => `kernelModule/${plainName(name)}`,
  title: ({ name }) => `kernel module ${name}`,
  place: ({ name }) => fileOf(name),
  fields: ['loaded', 'boot'],
  look: async ({ name }, from) => {
    const [loaded, file] = await Promise.all([isLoaded(name, from), lookAt(fileOf(name), from)]);
    return loaded || file ? { loaded, boot: file !== null } : null;
  },
  wish: ({ loaded = true, boot = true }) => ({ loaded, boot }),
  steps: async ({ id: { name }, from, to }, host) => {
    await needTools(['modprobe'], 'install kmod; in a container, load it on the machine that runs it', host);
    const path = fileOf(name);
    const file = await lookAt(path, host);
    const load: Operation[] =
      (to?.loaded ?? false) === (from?.loaded ?? false)
        ? []
        : [{ do: 'run', argv: ['modprobe', ...(to?.loaded ? [] : ['-r']), '--', name] }];
    const put: Operation = { do: 'put-file', path, content: `${name}\n`, ...own };
    return { guards: guardsFor(path, file), operations: [...load, to?.boot ? put : { do: 'remove', path }] };
  },
});

async function isLoaded(name: string, from: HostReader): Promise<boolean> {
  return (await from.ask({ ask: 'stat', path: `/sys/module/${name.replaceAll('-', '_')}` })) !== null;
}

function fileOf(name: string): string {
  return `/etc/modules-load.d/${name}.conf`;
}

function plainName(name: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(name)) return name;
  throw new CairnError(problem('bad-module-name', `${JSON.stringify(name)} can't be the name of a kernel module`));
}
