import type { Input } from '../../../model/deferred.ts';
import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { More, Resource } from '../../../model/resource.ts';
import { Secret } from '../../../model/secret.ts';
import type { Fields } from '../compare/json.ts';
import { Generated, generatedType } from '../issued/generated.ts';
import { issued } from '../issued/issued.ts';
import { declareObject } from '../object.ts';
import type { SecretOut } from '../out.ts';
import { type FileSource, readFiles } from './files.ts';
import type { InNamespace } from './helper.ts';

export interface SecretSpec<K extends string> extends InNamespace {
  /** Plain text; it travels as base64, and shows nowhere. `generated(bytes)` is made once and kept. */
  readonly data?: Readonly<Record<K, Input<string> | Input<Secret> | Generated>>;
  /** Files that stand beside `data`; any bytes. */
  readonly files?: FileSource;
  /** Default `Opaque`. */
  readonly type?: string;
}

/** A Secret. `out.data[key]` gives each value to other resources, as a Secret. */
export function secret<const K extends string>(spec: SecretSpec<K>, more?: More): Resource<SecretOut<K>> {
  const { namespace, name, labels, annotations, data = {}, files, type } = spec;
  if (Object.values(data).some((value) => value instanceof Generated)) {
    if (files !== undefined) throw notBoth(name);
    const { namespace: _, name: _name, ...want } = spec;
    return issued<SecretOut<K>>(generatedType, { namespace, name }, want, more);
  }
  const metadata = {
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
  };
  const want = {
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
    ...contentOf(data, files),
    ...(type === undefined ? {} : { type }),
  };
  return declareObject<SecretOut<K>>({ apiVersion: 'v1', kind: 'Secret', namespace, name }, want, more);
}

function contentOf(data: object, files: FileSource | undefined): Fields {
  if (files === undefined) return { stringData: data };
  const { text, binary } = readFiles(files);
  const conceal = (entries: Readonly<Record<string, string>>): Fields =>
    Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, new Secret(value)]));
  return { stringData: { ...conceal(text), ...data }, data: conceal(binary) };
}

function notBoth(name: string): CairnError {
  return new CairnError(
    problem('generated-files', `Secret ${name} has generated values and files`, {
      help: 'put the generated values into a Secret of their own',
    }),
  );
}
