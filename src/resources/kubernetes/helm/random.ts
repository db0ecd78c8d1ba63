import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { KubeObject, KubeReader } from '../../../model/kube.ts';
import type { Located } from '../bundle/documents.ts';
import { type Fields, isEqual, isFields } from '../compare/json.ts';
import type { ObjectId } from '../id.ts';

/** One object of a chart, rendered twice. */
export interface Twice {
  readonly id: ObjectId;
  readonly first: Fields;
  readonly second: Fields;
}

/** Pairs two renderings of a chart. @throws CairnError `random-name` where they don't name the same objects */
export function pair(
  first: readonly Located[],
  second: readonly Located[],
  chart: string,
): readonly Omit<Twice, 'id'>[] {
  const length = Math.max(first.length, second.length);
  return Array.from({ length }, (_, i) => {
    const [a, b] = [first[i]?.object, second[i]?.object];
    if (a && b && nameOf(a) === nameOf(b)) return { first: a, second: b };
    throw new CairnError(
      problem('random-name', `chart ${chart} names its objects otherwise each time that it is rendered`, {
        detail: [`${nameOf(a)}, then ${nameOf(b)}`],
        help: 'give the chart the values that fix these names',
      }),
    );
  });
}

function nameOf(object: Fields | undefined): string {
  const metadata = object?.metadata;
  return object ? `${String(object.kind)} ${String(isFields(metadata) ? metadata.name : '')}` : 'nothing';
}

/**
 * A chart that makes a password or a certificate makes another one at each rendering. Such a value is made once and then
 * kept, as the cluster has it.
 */
export async function keepRandom({ id, first, second }: Twice, kube: KubeReader): Promise<Fields> {
  if (isEqual(first, second)) return first;
  const live = await kube.get(id);
  return settle(first, second, live ? asWished(live, first) : undefined) as Fields;
}

/** The same without its random values: equal for equal inputs. */
export function withoutRandom({ first, second }: Twice): unknown {
  return settle(first, second, everywhere);
}

// Lies at every path.
const everywhere = { random: true } as const;

function settle(a: unknown, b: unknown, live: unknown): unknown {
  if (isEqual(a, b)) return a;
  if (isFields(a) && isFields(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    const entries = keys.map((key) => [key, settle(a[key], b[key], inside(live, key))] as const);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
    return a.map((item, i) => settle(item, b[i], inside(live, i)));
  }
  return live === undefined ? a : live;
}

function inside(live: unknown, key: string | number): unknown {
  if (live === everywhere) return everywhere;
  if (Array.isArray(live)) return live[Number(key)];
  return isFields(live) ? live[String(key)] : undefined;
}

// The server keeps in base64 what was written as plain text.
function asWished(live: KubeObject, wish: Fields): unknown {
  if (wish.stringData === undefined || !isFields(live.data)) return live;
  const plain = Object.entries(live.data).map(([key, value]) => [key, Buffer.from(String(value), 'base64').toString()]);
  return { ...live, stringData: Object.fromEntries(plain) };
}
