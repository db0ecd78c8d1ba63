import type { Input } from '../../../model/deferred.ts';
import type { More, Resource } from '../../../model/resource.ts';
import { declareObject } from '../object.ts';
import type { ObjectOut } from '../out.ts';
import { type FileSource, readFiles } from './files.ts';
import type { InNamespace } from './helper.ts';

export interface ConfigMapSpec extends InNamespace {
  readonly data?: Readonly<Record<string, Input<string>>>;
  /** Bytes, or base64 of them. */
  readonly binaryData?: Readonly<Record<string, Input<string> | Uint8Array>>;
  /** Their text becomes data, what is no UTF-8 binaryData. */
  readonly files?: FileSource;
  /** It can't be changed any more, only replaced. */
  readonly immutable?: boolean;
}

/** A ConfigMap. */
export function configMap(spec: ConfigMapSpec, more?: More): Resource<ObjectOut> {
  const { namespace, name, labels, annotations, data, binaryData, files, immutable } = spec;
  const read = files === undefined ? { text: {}, binary: {} } : readFiles(files);
  const metadata = {
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
  };
  const want = {
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
    ...filled('data', { ...read.text, ...data }),
    ...filled('binaryData', { ...read.binary, ...encoded(binaryData) }),
    ...(immutable === undefined ? {} : { immutable }),
  };
  return declareObject({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name }, want, more);
}

function filled(field: string, entries: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.keys(entries).length > 0 ? { [field]: entries } : {};
}

function encoded(entries: ConfigMapSpec['binaryData'] = {}): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(entries).map(([key, value]) => [
      key,
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    ]),
  );
}
