import { CairnError, problem } from '../../model/diagnostic.ts';
import type { KubeReader, KubeWriter } from '../../model/kube.ts';

/** The same port for a plan: reads and dry runs pass, every write is refused with code `read-only`. */
export function readOnly(port: KubeReader): KubeWriter {
  const refuse = (what: string) => () =>
    Promise.reject(new CairnError(problem('read-only', `a plan tried to ${what}: nothing was written`)));
  return {
    get: (ref) => port.get(ref),
    list: (query) => port.list(query),
    dryRun: (object, way) => port.dryRun(object, way),
    logs: (pod) => port.logs(pod),
    identity: () => port.identity(),
    version: () => port.version(),
    kinds: () => port.kinds(),
    forward: (pod, to) => port.forward(pod, to),
    apply: refuse('apply an object'),
    create: refuse('create an object'),
    replace: refuse('replace an object'),
    remove: refuse('delete an object'),
    exec: refuse('run a program in a container'),
  };
}
