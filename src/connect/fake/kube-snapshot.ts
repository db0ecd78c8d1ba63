import type { KubeObject } from '../../model/kube.ts';
import { isObject } from './kube-json.ts';

/** An object without what is another one each time: versions, times, status. */
export function plain(object: KubeObject): KubeObject {
  const {
    resourceVersion: _,
    generation: _generation,
    uid: _uid,
    creationTimestamp: _time,
    ...metadata
  } = object.metadata;
  const { status: _status, ...rest } = object;
  const managedFields = (metadata.managedFields ?? [])
    .filter(({ subresource }) => subresource !== 'status')
    .map(({ time: _at, ...entry }) => entry);
  return {
    ...rest,
    metadata: {
      ...metadata,
      managedFields: [...managedFields].sort((a, b) => (isObject(a) && a.manager < b.manager ? -1 : 1)),
    },
  } as KubeObject;
}
