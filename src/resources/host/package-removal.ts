import type { HostReader } from '../../model/host.ts';

/** What goes when a package goes, simulated. */
export interface Removal {
  /** The package and the dependencies that came with it and that nothing else needs now. */
  readonly removes: readonly string[];
  /** Packages that need it and that would be removed as well. */
  readonly alsoNeeded: readonly string[];
}

/** Simulates the removal of a package with what only it needs. What was unneeded already stays. */
export async function withoutIt(name: string, from: HostReader): Promise<Removal> {
  const [alone, tidied, already] = await Promise.all([
    from.ask({ ask: 'package-plan', install: [], remove: [name] }),
    from.ask({ ask: 'package-plan', install: [], remove: [name], autoremove: true }),
    from.ask({ ask: 'package-plan', install: [], remove: [], autoremove: true }),
  ]);
  const alsoNeeded = alone.removes.filter((other) => other !== name);
  const unneeded = tidied.removes.filter((other) => !already.removes.includes(other));
  return { removes: [...new Set([name, ...unneeded])], alsoNeeded };
}
