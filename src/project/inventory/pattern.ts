/** Hosts in the order of the inventory, and groups with all hosts that they reach. */
export interface HostWorld {
  readonly hosts: ReadonlySet<string>;
  readonly groups: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Ansible's ranges in a host's name: `web[01:50].x`, `db-[a:f]`, `n[0:10:2]`. A plain name gives itself. */
export function expandRange(name: string): readonly string[] {
  const match = /^(.*?)\[(\w+):(\w+)(?::(\d+))?\](.*)$/.exec(name);
  if (!match) return [name];
  const [, before = '', from = '', to = '', step = '1', after = ''] = match;
  const rest = expandRange(after);
  return valuesBetween(from, to, Number(step)).flatMap((value) => rest.map((tail) => `${before}${value}${tail}`));
}

function valuesBetween(from: string, to: string, step: number): readonly string[] {
  if (/^\d+$/.test(from) && /^\d+$/.test(to)) {
    return countBetween(Number(from), Number(to), step).map((value) => String(value).padStart(from.length, '0'));
  }
  const [first, last] = [from.charCodeAt(0), to.charCodeAt(0)];
  return countBetween(first, last, step).map((code) => String.fromCharCode(code));
}

function countBetween(from: number, to: number, step: number): readonly number[] {
  const length = step > 0 && to >= from ? Math.floor((to - from) / step) + 1 : 0;
  return Array.from({ length }, (_, index) => from + index * step);
}

/**
 * The hosts that a pattern means, in the order of the inventory: `web:&prod:!db1`, globs, `all`, a regular expression after `~`.
 * As in Ansible, what is added comes first, then what must also match, then what must not, wherever it stands.
 * @returns `unknown`: terms that name no host and no group
 */
export function matchPattern(
  pattern: string,
  world: HostWorld,
): { readonly matched: ReadonlySet<string>; readonly unknown: readonly string[] } {
  const terms = termsOf(pattern);
  const unknown: string[] = [];
  const find = (term: string): ReadonlySet<string> => {
    const found = hostsOf(term, world);
    if (!found) unknown.push(term);
    return found ?? new Set();
  };
  const named = (sign: string): readonly ReadonlySet<string>[] =>
    terms.filter((term) => term.startsWith(sign)).map((term) => find(term.slice(1).trim()));
  const added = terms.filter((term) => term !== '' && !/^[&!]/.test(term)).map(find);
  const [required, refused] = [named('&'), named('!')];
  const isMeant = (host: string): boolean =>
    (added.length === 0 || added.some((some) => some.has(host))) &&
    required.every((some) => some.has(host)) &&
    !refused.some((some) => some.has(host));
  return { matched: new Set([...world.hosts].filter(isMeant)), unknown };
}

// A colon within brackets belongs to a range or to a regular expression.
function termsOf(pattern: string): readonly string[] {
  return pattern.split(/[:,](?![^[(]*[\])])/).map((term) => term.trim());
}

// Undefined for a term that names nothing; a glob or a group may be there and reach no host.
function hostsOf(term: string, { hosts, groups }: HostWorld): ReadonlySet<string> | undefined {
  if (term === 'all' || term === '*') return hosts;
  const group = groups.get(term);
  if (group || hosts.has(term)) return new Set([...(group ?? []), ...(hosts.has(term) ? [term] : [])]);
  const sliced = sliceOf(term, { hosts, groups });
  if (sliced) return sliced;
  const isExpression = term.startsWith('~');
  if (!isExpression && !/[*?[\]]/.test(term)) return undefined;
  const glob = isExpression ? expressionOf(term.slice(1)) : globOf(term);
  if (!glob) return undefined;
  const named = [...hosts].filter((host) => glob.test(host));
  const inGroups = [...groups].filter(([name]) => glob.test(name)).flatMap(([, members]) => [...members]);
  return named.length + inGroups.length > 0 ? new Set([...named, ...inGroups]) : undefined;
}

// `web[0:2]`: the first three hosts of a group, as in Ansible; or a range in the name of hosts.
function sliceOf(term: string, { hosts, groups }: HostWorld): ReadonlySet<string> | undefined {
  const [, name = '', from = '', to = ''] = /^(.+)\[(\w+):(\w*)\]$/.exec(term) ?? [];
  const group = groups.get(name);
  if (group) {
    if (!/^\d*$/.test(from + to)) return undefined;
    const inOrder = [...hosts].filter((host) => group.has(host));
    return new Set(inOrder.slice(Number(from), to === '' ? undefined : Number(to) + 1));
  }
  const named = expandRange(term).filter((host) => hosts.has(host));
  return named.length > 0 ? new Set(named) : undefined;
}

// As in Ansible it must match from the beginning of the name.
function expressionOf(text: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${text})`);
  } catch {
    return undefined;
  }
}

function globOf(term: string): RegExp {
  const quoted = term
    .replace(/[\\^$.+(){}|]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  // A bracket without its partner is only a letter.
  return /^[^[\]]*(?:\[[^[\]]+\][^[\]]*)*$/.test(term)
    ? new RegExp(`^${quoted.replaceAll('[!', '[^')}$`)
    : new RegExp(`^${quoted.replace(/[[\]]/g, '\\$&')}$`);
}
