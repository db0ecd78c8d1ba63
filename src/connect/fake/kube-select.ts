import type { ListQuery } from '../../model/kube.ts';
import { isObject, type Mutable, objectAt } from './kube-json.ts';

/** True when a list with this query holds the object. */
export function selects(query: ListQuery, object: Mutable): boolean {
  const metadata = objectAt(object, 'metadata');
  if (object.kind !== query.kind || object.apiVersion !== query.apiVersion) return false;
  if (query.namespace !== undefined && metadata.namespace !== query.namespace) return false;
  const labels = isObject(metadata.labels) ? metadata.labels : {};
  return (
    terms(query.labelSelector).every((term) => fitsLabel(term, labels)) &&
    terms(query.fieldSelector).every((term) => fitsField(term, object))
  );
}

// A comma inside `in (a,b)` is not a separator.
function terms(selector: string | undefined): readonly string[] {
  return selector?.match(/[^,(]+(\([^)]*\))?/g)?.map((term) => term.trim()) ?? [];
}

function fitsLabel(term: string, labels: Mutable): boolean {
  const among = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(term);
  if (among) {
    const values = (among[3] ?? '').split(',').map((value) => value.trim());
    return values.includes(String(labels[among[1] ?? ''])) === (among[2] === 'in');
  }
  const [, key = '', sign, value] = /^([^=!]+)(==?|!=)?(.*)$/.exec(term) ?? [];
  if (term.startsWith('!')) return labels[term.slice(1)] === undefined;
  if (sign === undefined) return labels[key] !== undefined;
  return (labels[key] === value) === (sign !== '!=');
}

function fitsField(term: string, object: Mutable): boolean {
  const [, path = '', sign, value] = /^([^=!]+)(==?|!=)(.*)$/.exec(term) ?? [];
  const found = path.split('.').reduce<unknown>((inner, field) => (isObject(inner) ? inner[field] : undefined), object);
  return (String(found ?? '') === value) === (sign !== '!=');
}
