import { type Input, text } from '../../src/model/deferred.ts';
import type { More } from '../../src/model/resource.ts';
import { restore, type Step, step } from '../../src/model/step.ts';
import { file } from '../../src/resources/host/file.ts';
import { object } from '../../src/resources/kubernetes/object.ts';

/** A file of root's. */
export function rootFile(path: string, content: string, mode = '0644'): ReturnType<typeof file> {
  return file({ path, content, mode, owner: 'root', group: 'root' });
}

export function configMap(namespace: string, name: string, data: Readonly<Record<string, Input<string>>>, more?: More) {
  return object({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, data }, more);
}

/** A namespace and two ConfigMaps in it, of which the second is made from what the first turned out to be. */
export function objectsIn(namespace: string, labels: Readonly<Record<string, string>>): Step {
  return step({
    summary: 'A namespace and what lies in it',
    on: 'cluster',
    undo: restore,
    resources() {
      const around = object({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } });
      const first = configMap(namespace, 'first', { key: 'value' });
      const second = configMap(namespace, 'second', { uid: text`uid is ${first.out.uid}` });
      return { around, first, second };
    },
  });
}
