import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FarmHost } from './farm.ts';
import { type Expected, expectedOn, type Scenario } from './workloads.ts';

/** Throws unless every host holds exactly what the scenario leaves there: paths, modes and bytes. */
export function demandDone(scenario: Scenario, hosts: readonly FarmHost[]): void {
  const wrong = hosts.slice(0, scenario.hosts).flatMap(({ name, root }) => {
    const wanted = expectedOn(scenario, name);
    const extra = readdirSync(root).filter((path) => !wanted.has(path));
    return [
      ...extra.map((path) => `${name}: ${path} should not be there`),
      ...[...wanted].flatMap(([path, want]) => (isAs(join(root, path), want) ? [] : [`${name}: ${path} is wrong`])),
    ];
  });
  if (wrong.length > 0) throw new Error(`${wrong.length} differences, of which ${wrong.slice(0, 5).join('; ')}`);
}

function isAs(path: string, { kind, mode, content }: Expected): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat || (mode !== undefined && (stat.mode & 0o7777).toString(8) !== mode)) return false;
  return kind === 'directory' ? stat.isDirectory() : stat.isFile() && readFileSync(path, 'utf8') === content;
}
