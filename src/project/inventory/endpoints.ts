import { existsSync } from 'node:fs';
import type { Source } from '../../model/diagnostic.ts';
import {
  type EndpointTarget,
  type EndpointType,
  endpointTypes,
  type SecretOfCluster,
  serviceOf,
} from '../../model/endpoint.ts';
import { Secret } from '../../model/secret.ts';
import { didYouMean } from '../nearest.ts';
import { Secrets } from '../vars/secrets.ts';
import { broken, Values } from '../vars/values.ts';
import { checkKeys, given, mapField, textField } from '../yaml/fields.ts';
import { type Files, pathFrom, readMap } from '../yaml/files.ts';
import { type MapNode, mapNode, type SecretNode } from '../yaml/node.ts';
import type { ClusterEntry } from './clusters.ts';

export interface EndpointEntry {
  readonly type: EndpointType | null;
  readonly providedBy: string | undefined;
  /** Where `providedBy` stands. */
  readonly provider: Source | undefined;
  /** Read when a component names it, once: the secrets of others need not be there. Null where it is wrong, which is noted. */
  target(): EndpointTarget | null;
}

const commonKeys = ['type', 'url', 'connectTo', 'ca', 'identity', 'providedBy'];

// What is asked for where the type is none.
const unknown = { needs: ['url', 'user', 'password'], url: undefined, secret: undefined };

type Clusters = ReadonlyMap<string, ClusterEntry>;

/** Reads `endpoints.yaml`: the services of an inventory. One without it has none. */
export function readEndpoints(files: Files, file: string, clusters: Clusters): ReadonlyMap<string, EndpointEntry> {
  const map = existsSync(file) ? readMap(files, file) : null;
  if (!map) return new Map();
  checkKeys(files, map, ['endpoints'], 'endpoints.yaml');
  const found = new Map<string, EndpointEntry>();
  for (const [name, { key, node }] of mapField(files, map, 'endpoints')?.entries ?? []) {
    if (node.is !== 'map') {
      files.problems.error('wrong-type', `the endpoint "${name}" needs a type and a URL`, key);
      continue;
    }
    found.set(name, new EndpointReader(files, name, { map: node, place: key, clusters }));
  }
  return found;
}

class EndpointReader implements EndpointEntry {
  readonly type: EndpointType | null;
  readonly providedBy: string | undefined;
  readonly #files: Files;
  readonly #name: string;
  readonly #map: MapNode;
  readonly #place: Source;
  readonly #clusters: Clusters;
  readonly #values: Values;
  #target: EndpointTarget | null | undefined;

  constructor(files: Files, name: string, at: { map: MapNode; place: Source; clusters: Clusters }) {
    const { map } = at;
    this.#files = files;
    this.#name = name;
    this.#map = map;
    this.#place = at.place;
    this.#clusters = at.clusters;
    this.type = this.#type();
    const sorts = this.type === null ? endpointTypes : [this.type];
    const own = sorts.map(serviceOf).flatMap(({ needs, may = [] }) => [...needs, ...may]);
    checkKeys(files, map, [...new Set([...commonKeys, ...own])], `the endpoint "${name}"`);
    this.providedBy = textField(files, map, 'providedBy');
    this.#values = new Values(mapNode(map.source, 'group'), files, new Secrets(files));
  }

  get provider(): Source | undefined {
    return given(this.#map, 'providedBy')?.source;
  }

  target(): EndpointTarget | null {
    if (this.#target === undefined) this.#target = this.#read();
    return this.#target;
  }

  #read(): EndpointTarget | null {
    const { type, providedBy } = this;
    const { needs, url: usual, secret = 'password' } = type === null ? unknown : serviceOf(type);
    const url = this.#url(usual);
    const [user, password] = [this.#text('user'), this.#secret(secret)];
    for (const key of ['type', ...needs])
      if (!given(this.#map, key)) this.#problem('missing-variable', `the endpoint "${this.#name}" has no ${key}`);
    if (type === null || url === null || password === null) return null;
    if (user === undefined && needs.includes('user')) return null;
    const login = { user: user ?? '', password, realm: this.#text('realm') ?? (type === 'keycloak' ? 'master' : '') };
    const ca = this.#text('ca');
    const optional = { connectTo: this.#text('connectTo'), identity: this.#text('identity') };
    return {
      kind: 'endpoint',
      name: this.#name,
      type,
      url,
      login,
      ...(ca === undefined ? {} : { ca: pathFrom(this.#files, ca) }),
      ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
      ...(providedBy === undefined ? {} : { providedBy }),
    };
  }

  #type(): EndpointType | null {
    const text = textField(this.#files, this.#map, 'type');
    const type = endpointTypes.find((one) => one === text);
    if (text !== undefined && !type) {
      const help = didYouMean(text, endpointTypes);
      this.#problem('unknown-endpoint', `no type of endpoint is called "${text}"`, help);
    }
    return type ?? null;
  }

  #url(usual: string | undefined): string | null {
    const text = this.#text('url') ?? usual;
    if (text === undefined) return null;
    const url = URL.parse(text);
    const isFit = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '';
    if (!isFit) {
      const help = 'write it like https://sso.example.com; user and password have keys of their own';
      this.#problem('bad-url', `"${text}" is no URL of a service`, help);
      return null;
    }
    return text.replace(/\/+$/, '');
  }

  #secret(key: string): Secret | SecretOfCluster | null {
    const node = given(this.#map, key);
    if (!node) return null;
    if (node.is === 'secret' && node.from === 'k8s') return this.#inCluster(node);
    const value = this.#values.of(node);
    if (value instanceof Secret) return value;
    if (value === broken) return null;
    const summary = `the ${key} of the endpoint "${this.#name}" stands in plain text`;
    this.#files.problems.error('plain-secret', summary, node.source, `write ${key}: !secret env:NAME`);
    return null;
  }

  #inCluster({ name: path, source }: SecretNode): SecretOfCluster | null {
    const [cluster = '', namespace = '', name = '', key = '', ...more] = path.split('/');
    const target = this.#clusters.get(cluster)?.target;
    if (target && key !== '' && more.length === 0) return { cluster: target, namespace, name, key };
    const summary = target
      ? `k8s:${path} names no key of a Secret`
      : `the cluster "${cluster}" is not in clusters.yaml`;
    const help = target
      ? 'write !secret k8s:CLUSTER/NAMESPACE/NAME/KEY'
      : didYouMean(cluster, this.#clusters.keys(), 'clusters.yaml');
    this.#files.problems.error(target ? 'bad-secret' : 'unknown-cluster', summary, source, help);
    return null;
  }

  /** A text, a template of `state` and `cache`, or `!env`. */
  #text(key: string): string | undefined {
    const node = given(this.#map, key);
    if (node?.is !== 'template' && node?.is !== 'env') return textField(this.#files, this.#map, key);
    const value = this.#values.of(node);
    return value === broken ? undefined : String(value);
  }

  #problem(code: string, summary: string, help?: string): void {
    this.#files.problems.error(code, summary, this.#place, help);
  }
}
