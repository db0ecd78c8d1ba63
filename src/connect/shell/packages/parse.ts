import type { Answers, PackageState } from '../../../model/host.ts';

const inPlace = /^(installed|triggers-(awaited|pending))$/;

/** Reads what `packages` prints: dpkg's architecture, a line a package, an empty line, apt's marks. */
export function parsePackages(out: string): Answers['packages'] {
  if (out.startsWith('=\n')) return parseListed(out);
  const [native, ...lines] = out.split('\n');
  const end = lines.indexOf('');
  const auto = parseMarks(lines.slice(end + 1), native ?? '');
  const found: Record<string, PackageState> = {};
  for (const line of lines.slice(0, end)) {
    const [status = '', name = '', arch = '', version = ''] = line.split('\t');
    const key = arch === native || arch === 'all' ? name : `${name}:${arch}`;
    if (inPlace.test(status)) found[key] = { version, auto: auto.has(key) };
  }
  return found;
}

// Of dnf and apk: a sign, the architecture, name, version and architecture of each, an empty line, what was asked for by name.
function parseListed(out: string): Answers['packages'] {
  const [, native, ...lines] = out.split('\n');
  const end = lines.indexOf('');
  const keyOf = (name: string, arch = native): string =>
    arch === native || arch === 'noarch' ? name : `${name}.${arch}`;
  const asked = new Set(lines.slice(end + 1).map((line) => keyOf(...(line.split('\t') as [string, string?]))));
  const found: Record<string, PackageState> = {};
  for (const line of lines.slice(0, end)) {
    const [name = '', version = '', arch] = line.split('\t');
    const key = keyOf(name, arch);
    // Keys of repositories pass for packages in rpm's database.
    if (name !== 'gpg-pubkey') found[key] = { version, auto: !asked.has(key) };
  }
  return found;
}

function parseMarks(lines: readonly string[], native: string): ReadonlySet<string> {
  const auto = new Set<string>();
  for (const stanza of lines.join('\n').split('\n\n')) {
    const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(stanza)?.[1];
    const arch = field('Architecture');
    const name = field('Package');
    if (name && field('Auto-Installed') === '1') auto.add(arch === native || arch === 'all' ? name : `${name}:${arch}`);
  }
  return auto;
}

/** Reads what `package` prints: `1.2-3 auto`, `1.2-3 ` or `absent`. */
export function parsePackage(out: string): PackageState | null {
  const [version = '', mark] = out.trimEnd().split(' ');
  return version === 'absent' ? null : { version, auto: mark === 'auto' };
}

/** A package's state in the form in which `package` prints it, without the line's end. */
export function printPackage(state: PackageState | null): string {
  return state ? `${state.version} ${state.auto ? 'auto' : ''}` : 'absent';
}

/** Reads what the simulations of apt, dnf and apk print. */
export function parsePackagePlan(out: string): Answers['package-plan'] {
  const named = (pattern: RegExp): readonly string[] => [...out.matchAll(pattern)].flatMap((found) => found[1] ?? []);
  const listed = (header: RegExp): readonly string[] =>
    named(header).flatMap((rows) => [...rows.matchAll(/^ (\S+)/gm)].flatMap((row) => row[1] ?? []));
  const installs = [
    ...named(/^Inst (\S+)/gm),
    ...named(/^\(\d+\/\d+\) Installing (\S+)/gm),
    ...listed(/^Installing(?: [\w ]+)?:\n((?: .*\n)+)/gm),
  ];
  const removes = [
    ...named(/^(?:Remv|Purg) (\S+)/gm),
    ...named(/^\(\d+\/\d+\) Purging (\S+)/gm),
    ...listed(/^Removing(?: [\w ]+)?:\n((?: .*\n)+)/gm),
  ];
  return { installs, removes: [...new Set(removes)] };
}
