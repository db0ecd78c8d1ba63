import { CairnError, problem } from '../../model/diagnostic.ts';
import type { Answers, PackageState } from '../../model/host.ts';

/** A package that a fake host can install. */
export interface FakePackage {
  readonly version: string;
  readonly depends?: readonly string[];
}

/** Packages in memory, with what apt does about dependencies. */
export class FakePackages {
  readonly available = new Map<string, FakePackage>();
  readonly installed = new Map<string, PackageState>();

  all(): Answers['packages'] {
    return Object.fromEntries([...this.installed].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  plan(install: readonly string[], remove: readonly string[], autoremove = false): Answers['package-plan'] {
    const wanted = new Set(install.flatMap((name) => [...this.#withDependencies(bare(name))]));
    const installs = [...wanted].filter((name) => !this.installed.has(name)).sort();
    const going = this.#withDependents(remove);
    return { installs, removes: [...going, ...(autoremove ? this.#unneeded(going) : [])].sort() };
  }

  /** Names may carry a version: `redis=7.0`. What is named becomes manual. */
  install(names: readonly string[]): void {
    for (const name of this.plan(names, []).installs)
      this.installed.set(name, { version: this.#find(name).version, auto: true });
    for (const name of names) {
      const [plain = name, version] = name.split('=');
      const state = this.installed.get(plain);
      this.installed.set(plain, { version: version ?? state?.version ?? this.#find(plain).version, auto: false });
    }
  }

  remove(names: readonly string[]): void {
    for (const name of this.plan([], names).removes) this.installed.delete(name);
  }

  mark(names: readonly string[], auto: boolean): void {
    for (const name of names) {
      const state = this.installed.get(name);
      if (state) this.installed.set(name, { ...state, auto });
    }
  }

  #find(name: string): FakePackage {
    const found = this.available.get(name);
    if (found) return found;
    throw new CairnError(
      problem('operation-failed', `could not install ${name}: status 100`, {
        detail: [`E: Unable to locate package ${name}`],
      }),
    );
  }

  #withDependencies(name: string, into = new Set<string>()): ReadonlySet<string> {
    if (into.has(name)) return into;
    into.add(name);
    const depends = this.installed.has(name) ? this.available.get(name)?.depends : this.#find(name).depends;
    for (const needed of depends ?? []) this.#withDependencies(needed, into);
    return into;
  }

  // Installed, automatic, and needed by nothing manual that stays.
  #unneeded(going: ReadonlySet<string>): readonly string[] {
    const staying = [...this.installed].filter(([name]) => !going.has(name));
    const needed = new Set<string>();
    for (const [name, { auto }] of staying) if (!auto) this.#withDependencies(name, needed);
    return staying.map(([name]) => name).filter((name) => !needed.has(name));
  }

  #withDependents(names: readonly string[]): ReadonlySet<string> {
    const going = new Set(names.filter((name) => this.installed.has(name)));
    for (let size = -1; size !== going.size; ) {
      size = going.size;
      for (const name of this.installed.keys()) {
        if (this.available.get(name)?.depends?.some((needed) => going.has(needed))) going.add(name);
      }
    }
    return going;
  }
}

function bare(name: string): string {
  return name.split('=')[0] ?? name;
}
