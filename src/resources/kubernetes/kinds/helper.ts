import type { Inputs } from '../../../model/deferred.ts';
import type { More, Resource } from '../../../model/resource.ts';
import type { Want } from '../apply/compose.ts';
import type { Fields } from '../compare/json.ts';
import { declareObject } from '../object.ts';
import type { ObjectOut } from '../out.ts';

/** What every helper takes besides its kind's own fields. */
export interface Named {
  readonly name: string;
  readonly labels?: Inputs<Readonly<Record<string, string>>>;
  readonly annotations?: Inputs<Readonly<Record<string, string>>>;
}

export interface InNamespace extends Named {
  readonly namespace: string;
}

/** A `spec` as the API's reference has it; any value inside may be known later. */
export interface WithSpec<S = Fields> {
  readonly spec: S;
}

/** Makes the helper of one kind. */
export function helper<Spec extends Named & { readonly namespace?: string }>(apiVersion: string, kind: string) {
  return (spec: Spec, more?: More): Resource<ObjectOut> => {
    const { name, namespace, ...fields } = spec;
    const id = { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
    return declareObject(id, wishOf(fields), more);
  };
}

/** The wish for an object from a helper's fields: labels and annotations go to its metadata. */
export function wishOf({ labels, annotations, ...fields }: Fields): Want {
  const metadata = {
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
  };
  return Object.keys(metadata).length > 0 ? { metadata, ...fields } : fields;
}
