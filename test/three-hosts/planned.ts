import { isPending, type Plan } from '../../src/model/plan.ts';
import type { Drift } from './drift.ts';
import type { Site } from './rig.ts';

/** What a plan would change, host by host: verb, title, changed fields. */
export async function pendingIn(site: Site, ...words: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, said } = await site.cairn('plan', ...words, '--json');
  const made = stdout.split('\n').find((line) => line.includes('"type":"plan-made"'));
  if (code !== 0 || made === undefined) throw new Error(`no plan: ${said}`);
  const { plan } = JSON.parse(made) as { readonly plan: Plan };
  return plan.steps.flatMap(({ changes }) =>
    changes
      .filter((change) => isPending(change) && change.verb !== 'undecided')
      .map(({ target, verb, title, fields }) => {
        const host = target.replace('host:', '');
        return `${host} ${verb} ${title}: ${fields.map(({ path }) => path).join()}`;
      }),
  );
}

/** What `pendingIn` says after such a thing was done. */
export function namedBy({ on, named }: Drift): readonly string[] {
  return [named].flat().map((line) => `${on} ${line}`);
}
