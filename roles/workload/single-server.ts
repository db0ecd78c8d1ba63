import { k8s, type Resource } from '@cairnhq/cairn';

type SpecOf<T> = T extends { readonly spec?: infer S } ? S : never;
type TemplateOf<T> = T extends { readonly template?: infer S } ? S : never;
type Pod = SpecOf<TemplateOf<SpecOf<Parameters<typeof k8s.deployment>[0]>>>;

interface ServerOf<Annotations> {
  readonly namespace: string;
  readonly name: string;
  /** Its Service has this port, and leads to that of the same name of its pod. */
  readonly port: { readonly name: string; readonly number: number };
  /** Of its pod: what it reads only at its start. */
  readonly annotations: Annotations;
  readonly pod: Pod;
}

type Server = ServerOf<ReturnType<typeof k8s.restartWhen>>;

/** What the pods of a server are found by. */
export function labelsOf(name: string) {
  return { 'app.kubernetes.io/name': name };
}

/** A server that runs once and is alone with what it keeps, and the way to it. @param after what is there before it starts */
export function singleServer(server: Server, after: readonly Resource<unknown>[] = []) {
  const { deployment, service } = serverSpecs(server);
  return { deployment: k8s.deployment(deployment, { after }), service: k8s.service(service) };
}

/** The same as data, for whoever else makes it. */
export function serverSpecs<A>({ namespace, name, port, annotations, pod }: ServerOf<A>) {
  const labels = labelsOf(name);
  const deployment = {
    namespace,
    name,
    labels,
    spec: {
      replicas: 1,
      // one writer for its claim
      strategy: { type: 'Recreate' },
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec: pod },
    },
  };
  const service = {
    namespace,
    name,
    labels,
    spec: { selector: labels, ports: [{ name: port.name, port: port.number, targetPort: port.name }] },
  };
  return { deployment, service };
}

/** Room for what a server keeps. */
export function claimFor(namespace: string, name: string, size: string) {
  return k8s.persistentVolumeClaim({
    namespace,
    name,
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } } },
  });
}
