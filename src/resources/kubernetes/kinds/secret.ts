import type { Input } from '../../../model/deferred.ts';
import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { AnyType, More, Resource } from '../../../model/resource.ts';
import { Secret } from '../../../model/secret.ts';
import type { Fields } from '../compare/json.ts';
import { Credential, credentialType } from '../issued/credential.ts';
import { Generated, generatedType } from '../issued/generated.ts';
import { issued } from '../issued/issued.ts';
import { declareObject } from '../object.ts';
import type { SecretOut } from '../out.ts';
import { type FileSource, readFiles } from './files.ts';
import type { InNamespace } from './helper.ts';

export interface SecretSpec<K extends string> extends InNamespace {
  /**
   * Plain text; it travels as base64, and shows nowhere. `generated(bytes)` is made once and kept, `credential({ … })` while
   * its service accepts it.
   */
  readonly data?: Readonly<Record<K, Input<string> | Input<Secret> | Generated | Credential>>;
  /** Files that stand beside `data`; any bytes. */
  readonly files?: FileSource;
  /** Default `Opaque`. */
  readonly type?: string;
}

/** A Secret. `out.data[key]` gives each value to other resources, as a Secret. */
export function secret<const K extends string>(spec: SecretSpec<K>, more?: More): Resource<SecretOut<K>> {
  const { namespace, name, labels, annotations, data = {}, files, type } = spec;
  const made = makerOf(Object.values(data));
  if (made) {
    if (files !== undefined) throw notBoth(name);
    const { namespace: _, name: _name, ...want } = spec;
    return issued<SecretOut<K>>(made, { namespace, name }, want, more);
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

// The type of a Secret of which values are made here or by a service.
function makerOf(values: readonly unknown[]): AnyType | undefined {
  if (values.some((value) => value instanceof Credential)) return credentialType;
  return values.some((value) => value instanceof Generated) ? generatedType : undefined;
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
    problem('generated-files', `Secret ${name} has values that are made and files`, {
      help: 'put the made values into a Secret of their own',
    }),
  );
}
