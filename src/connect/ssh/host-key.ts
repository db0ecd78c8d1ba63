import { isAbout, type KnownHost, nameOf } from './known-hosts.ts';

/** What the known_hosts files say of a key that a server showed. */
export type Verdict =
  | { readonly is: 'known'; readonly at: KnownHost }
  | { readonly is: 'unknown' }
  /** Another key is known for this name. */
  | { readonly is: 'changed'; readonly at: KnownHost }
  | { readonly is: 'revoked'; readonly at: KnownHost };

export interface Server {
  readonly host: string;
  readonly port: number;
}

/**
 * Judges a plain host key as OpenSSH does (`check_hostkeys_by_key_or_type` in hostfile.c): any other key of the same name
 * makes it changed, a revoked one is refused wherever else it stands, and a name without a port vouches for every port of it.
 * @param key base64, as it stands in files
 */
export function judgeHostKey(known: readonly KnownHost[], { host, port }: Server, key: string): Verdict {
  const verdict = judge(known, nameOf(host, port), key);
  if (verdict.is !== 'unknown' || port === 22) return verdict;
  const plain = judge(known, nameOf(host, 22), key);
  return plain.is === 'changed' ? verdict : plain;
}

function judge(known: readonly KnownHost[], name: string, key: string): Verdict {
  const about = known.filter((entry) => isAbout(entry, name));
  const revoked = about.find((entry) => entry.marker === 'revoked' && entry.key === key);
  if (revoked) return { is: 'revoked', at: revoked };
  const plain = about.filter(({ marker }) => marker === undefined);
  const same = plain.find((entry) => entry.key === key);
  if (same) return { is: 'known', at: same };
  const [other] = plain;
  return other ? { is: 'changed', at: other } : { is: 'unknown' };
}

/** Types of keys known for a server, to be asked for first: then a second key of it is no changed one. */
export function typesKnown(known: readonly KnownHost[], { host, port }: Server): readonly string[] {
  const of = (name: string): readonly string[] =>
    known.filter((entry) => entry.marker === undefined && isAbout(entry, name)).map(({ type }) => type);
  const own = of(nameOf(host, port));
  return [...new Set(own.length > 0 ? own : of(nameOf(host, 22)))];
}

/** True when only an authority of certificates is known for it, and certificates of hosts can't be checked here. */
export function hasOnlyAuthority(known: readonly KnownHost[], { host, port }: Server): KnownHost | undefined {
  const about = known.filter((entry) => isAbout(entry, nameOf(host, port)));
  return about.some(({ marker }) => marker === undefined)
    ? undefined
    : about.find(({ marker }) => marker === 'cert-authority');
}
