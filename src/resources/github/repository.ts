import { CairnError, problem } from '../../model/diagnostic.ts';
import type { RestReader } from '../../model/rest.ts';
import { type Fields, isFields } from '../thing/fields.ts';

/** A list of a repository: `repos/acme/shop/keys`. @throws TypeError where the name is no OWNER/NAME */
export function listPath(repository: string, list: 'keys' | 'hooks'): string {
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) throw new TypeError(`"${repository}" is no repository: write OWNER/NAME`);
  return `repos/${repository}/${list}`;
}

/** The representations of a list of a repository. */
export async function listOf(repository: string, list: 'keys' | 'hooks', from: RestReader): Promise<readonly Fields[]> {
  return (await from.list(listPath(repository, list))).filter(isFields);
}

/** The only one, or none. @throws CairnError `github-ambiguous` where names don't tell two apart */
export function onlyOne(found: readonly Fields[], what: string): Fields | null {
  if (found.length <= 1) return found[0] ?? null;
  throw new CairnError(
    problem('github-ambiguous', `there are ${found.length} of ${what}`, {
      detail: found.map(({ id, url }) => String(url ?? id)),
      help: 'remove all but one by hand',
    }),
  );
}
