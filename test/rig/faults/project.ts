import { derive } from '../../../src/model/deferred.ts';
import { restore, type Step, step } from '../../../src/model/step.ts';
import { generated } from '../../../src/resources/kubernetes/issued/generated.ts';
import * as k8s from '../../../src/resources/kubernetes/kinds/built-in.ts';
import { configMap } from '../../../src/resources/kubernetes/kinds/config-map.ts';
import { secret } from '../../../src/resources/kubernetes/kinds/secret.ts';
import { object } from '../../../src/resources/kubernetes/object.ts';

/** Where the objects lie that are there before the first run. */
export const home = 'default';

export const adopted = (name: string): string => `${name}-adopted`;
export const replaced = (name: string): string => `${name}-replaced`;
export const kindOf = (name: string): string => `Widget${name.toUpperCase()}`;
const pluralOf = (name: string): string => `widget${name}s`;
export const definitionOf = (name: string): string => `${pluralOf(name)}.cairn.test`;

/** An object that an earlier release of the project made, and that can only be changed by making it anew. */
export function earlier(name: string): Readonly<Record<string, Step>> {
  return { 'shop/15_release': release(name, '1') };
}

/**
 * A small shop: 13 objects in six steps. Namespace, rights, config, a generated Secret and what is derived from it, workloads,
 * an object that others own in part, one that is replaced.
 * @param name tells its objects from those of other shops on the same server
 */
export function shop(name: string): Readonly<Record<string, Step>> {
  return {
    ...ground(name),
    'shop/20_rights': of(() => ({
      account: k8s.serviceAccount({ namespace: name, name: 'web' }),
      role: k8s.role({
        namespace: name,
        name: 'web',
        rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }],
      }),
      binding: k8s.roleBinding({
        namespace: name,
        name: 'web',
        roleRef: { kind: 'Role', name: 'web' },
        subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: name }],
      }),
      reader: k8s.clusterRole({ name, rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['list'] }] }),
    })),
    'shop/30_config': of(() => {
      const settings = configMap({ namespace: name, name: 'settings', data: { mode: 'fast' } });
      return { ...passwords(name), settings };
    }),
    'shop/40_adopted': adoption(name),
    'shop/50_workload': of(() => ({
      web: web(name),
      service: k8s.service({ namespace: name, name: 'web', spec: { selector: labels, ports: [{ port: 80 }] } }),
      fence: k8s.networkPolicy({ namespace: name, name: 'web', spec: { podSelector: { matchLabels: labels } } }),
    })),
  };
}

/** The least that has one of each sort: a shop without what is only more of the same. All faults can be tried at all its requests. */
export function kiosk(name: string): Readonly<Record<string, Step>> {
  return {
    ...ground(name),
    'shop/30_config': of(() => passwords(name)),
    'shop/40_adopted': adoption(name),
    'shop/50_workload': of(() => ({ web: web(name) })),
  };
}

const labels = { app: 'web' };

function ground(name: string): Readonly<Record<string, Step>> {
  return {
    'shop/10_ground': of(() => ({ namespace: k8s.namespace({ name, labels: { team: 'shop' } }) })),
    'shop/15_release': release(name, '2'),
  };
}

function passwords(name: string) {
  const password = secret({ namespace: name, name: 'password', data: { password: generated(24) } });
  const uri = derive([password.out.data.password], (plain) => `redis://:${plain}@redis`);
  return { password, client: secret({ namespace: name, name: 'client', data: { uri } }) };
}

function adoption(name: string): Step {
  return of(() => ({
    adopted: configMap({ namespace: home, name: adopted(name), labels: { tier: 'shop' }, data: { ours: 'new' } }),
  }));
}

function web(name: string) {
  const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web:1' }] } };
  return k8s.deployment({
    namespace: name,
    name: 'web',
    spec: { replicas: 0, selector: { matchLabels: labels }, template },
  });
}

/** The same with a definition and an object of it: for up to 30 s the cluster's collector doesn't know such a kind, and holds its deletion. */
export function shopWithWidget(name: string): Readonly<Record<string, Step>> {
  return {
    ...shop(name),
    'shop/60_widget': of(() => {
      const definition = object({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: definitionOf(name) },
        spec: {
          group: 'cairn.test',
          scope: 'Namespaced',
          names: { kind: kindOf(name), plural: pluralOf(name) },
          versions: [{ name: 'v1', served: true, storage: true, schema }],
        },
      });
      const widget = object(
        {
          apiVersion: 'cairn.test/v1',
          kind: kindOf(name),
          metadata: { namespace: name, name: 'one' },
          spec: { size: 1 },
        },
        { after: [definition] },
      );
      return { definition, widget };
    }),
  };
}

const schema = {
  openAPIV3Schema: {
    type: 'object',
    properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
  },
};

function release(name: string, version: string): Step {
  return of(() => ({
    release: object({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: home, name: replaced(name) },
      immutable: true,
      data: { version },
    }),
  }));
}

function of(resources: Step['resources']): Step {
  return step({ summary: 'A part of the shop', on: 'cluster', undo: restore, resources });
}
