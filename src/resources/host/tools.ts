import { CairnError, problem } from '../../model/diagnostic.ts';
import type { HostReader } from '../../model/host.ts';

/** Throws `host-lacks` with the way out when one of the programs isn't on the host. */
export async function needTools(names: readonly string[], help: string, from: HostReader): Promise<void> {
  const found = await Promise.all(names.map(async (name) => await hasTool(name, from)));
  const missing = names.filter((_, index) => !found[index]);
  if (missing.length === 0) return;
  throw new CairnError(problem('host-lacks', `the host has no ${missing.join(', ')}`, { help }));
}

/** True when a program is found on the host's PATH. */
export async function hasTool(name: string, from: HostReader): Promise<boolean> {
  const { status } = await from.ask({ ask: 'run', argv: ['sh', '-c', 'command -v "$1" >/dev/null', 'sh', name] });
  return status === 0;
}
