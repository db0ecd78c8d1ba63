import {
  type Connections,
  clusterId,
  endpointId,
  type OpenTarget,
  type Reopened,
  type TargetState,
} from '../model/connections.ts';
import { CairnError, type Diagnostic, diagnosticsOf, problem } from '../model/diagnostic.ts';
import { type EndpointTarget, type KnownEndpoint, type SecretOfCluster, serviceOf } from '../model/endpoint.ts';
import type { GitWriter } from '../model/git.ts';
import type { Http } from '../model/http.ts';
import type { ClusterTarget, HostTarget, Target } from '../model/project.ts';
import { Secret } from '../model/secret.ts';
import type { Tools } from '../model/tools.ts';
import { Turnstile } from '../model/turnstile.ts';
import type { Pins } from './pins.ts';

/** A state, and who the target says that it is. */
export type Identified = TargetState & { readonly uid?: string };

/** Opens one sort of target. */
export interface Openers {
  host(target: HostTarget): Promise<TargetState>;
  cluster(target: ClusterTarget): Promise<Identified>;
  endpoint(target: KnownEndpoint): Promise<Identified>;
}

/** Hosts that are opened side by side. */
const mostAtOnce = 50;

/** Every target once; what a cluster turned out to be is pinned when the step that provides it has run. */
export class LiveConnections implements Connections {
  readonly http: Http;
  readonly git: GitWriter;
  readonly tools: Tools;
  readonly #openers: Openers;
  readonly #pins: Pins;
  readonly #open = new Map<string, Promise<TargetState>>();
  readonly #hosts = new Turnstile(mostAtOnce);

  constructor(openers: Openers, pins: Pins, { http, git, tools }: Pick<Connections, 'http' | 'git' | 'tools'>) {
    this.#openers = openers;
    this.#pins = pins;
    this.http = http;
    this.git = git;
    this.tools = tools;
  }

  open(target: Target): Promise<TargetState> {
    const key = `${target.kind}:${target.name}`;
    const known = this.#open.get(key);
    if (known) return known;
    const state = this.#connect(target).catch((error: unknown): TargetState => {
      const why = diagnosticsOf(error)[0] ?? problem('unreachable', `${target.name} does not answer`);
      return { is: 'unreachable', why: target.kind === 'endpoint' ? placed(why, target) : why };
    });
    this.#open.set(key, state);
    return state;
  }

  async reopen(target: Target): Promise<Reopened> {
    this.#open.delete(`${target.kind}:${target.name}`);
    if (target.kind === 'host') return { now: await this.open(target) };
    const pinned = this.#pins.get(pinOf(target));
    this.#pins.forget(pinOf(target));
    const now = await this.open(target);
    const gone = pinned === undefined ? undefined : idOf(target, pinned);
    return gone === undefined || (now.is === 'open' && now.id === gone) ? { now } : { now, gone };
  }

  async #connect(target: Target): Promise<TargetState> {
    if (target.kind === 'host') return await this.#openHost(target);
    const pinned = target.identity ?? this.#pins.get(pinOf(target));
    const state = await (target.kind === 'cluster' ? this.#openers.cluster(target) : this.#openEndpoint(target));
    if (state.is === 'open' && state.uid !== undefined) {
      if (pinned === undefined) this.#pins.set(pinOf(target), state.uid);
      else if (pinned !== state.uid) throw wrongOne(target, pinned, state.uid);
    }
    return state;
  }

  // A pod is where its cluster is, and that one is compared with its pin first.
  async #openHost(target: HostTarget): Promise<TargetState> {
    const cluster = target.pod && (await this.open(target.pod.cluster));
    if (cluster && cluster.is !== 'open') return cluster;
    return await this.#hosts.through('hosts', () => this.#openers.host(target));
  }

  // A password that a cluster keeps is there once the step has run that makes both.
  async #openEndpoint(target: EndpointTarget): Promise<Identified> {
    const { login, providedBy } = target;
    if (login.password instanceof Secret) return await this.#openers.endpoint(knownEndpoint(target, login.password));
    const cluster = await this.open(login.password.cluster);
    if (cluster.is === 'unreachable') return cluster;
    const password = cluster.is === 'open' ? await secretIn(cluster, login.password) : null;
    if (password !== null) return await this.#openers.endpoint(knownEndpoint(target, password));
    return providedBy === undefined ? noPassword(target, login.password) : { is: 'absent', providedBy };
  }

  close(): Promise<void> {
    this.#open.clear();
    return Promise.resolve();
  }
}

function knownEndpoint(target: EndpointTarget, password: Secret): KnownEndpoint {
  return { ...target, login: { ...target.login, password } };
}

async function secretIn({ kubernetes }: OpenTarget, at: SecretOfCluster): Promise<Secret | null> {
  const { namespace, name, key } = at;
  const found = await kubernetes?.reader.get({ apiVersion: 'v1', kind: 'Secret', namespace, name });
  const value = (found?.data as Readonly<Record<string, string>> | undefined)?.[key];
  return value === undefined ? null : new Secret(Buffer.from(value, 'base64').toString());
}

// Whoever asked by HTTP knows nothing of an inventory.
function placed(why: Diagnostic, { name, type }: EndpointTarget): Diagnostic {
  if (why.help !== undefined) return why;
  const help = `${name} is the ${serviceOf(type).title} of endpoints.yaml of the inventory: see whether it runs, and whether its url is right`;
  return { ...why, help };
}

function noPassword({ name, type }: EndpointTarget, at: SecretOfCluster): TargetState {
  const { secret: key = 'password' } = serviceOf(type);
  const summary = `the ${key} of ${name} is not in Secret ${at.namespace}/${at.name} of cluster ${at.cluster.name}, at ${at.key}`;
  return {
    is: 'unreachable',
    why: problem('secret-missing', summary, { help: `look at ${key} in endpoints.yaml of the inventory` }),
  };
}

type Identifiable = ClusterTarget | EndpointTarget;

function pinOf({ kind, name }: Identifiable): string {
  return kind === 'cluster' ? name : `${kind}:${name}`;
}

function idOf({ kind, name }: Identifiable, identity: string): string {
  return kind === 'cluster' ? clusterId(name, identity) : endpointId(name, identity);
}

function wrongOne(target: Identifiable, pinned: string, found: string): CairnError {
  return target.kind === 'cluster' ? wrongCluster(target, pinned, found) : wrongEndpoint(target, pinned, found);
}

function wrongEndpoint({ name, identity, url }: EndpointTarget, pinned: string, found: string): CairnError {
  const whence = identity === undefined ? 'when it was first reached' : 'in endpoints.yaml of the inventory';
  return new CairnError(
    problem('wrong-endpoint', `${name} is another service than the one this inventory means`, {
      detail: [`expected the identity ${pinned}, pinned ${whence}`, `found ${found}, at ${url}`],
      help: `let the URL lead to the right one; where this is the one that is meant, say so in endpoints.yaml: ${name}: { identity: ${found} }`,
    }),
  );
}

function wrongCluster(target: ClusterTarget, pinned: string, found: string): CairnError {
  const { name, identity, kubeconfig, context } = target;
  const whence = identity === undefined ? 'when it was first reached' : 'in clusters.yaml of the inventory';
  return new CairnError(
    problem('wrong-cluster', `${name} is another cluster than the one this inventory means`, {
      detail: [
        `expected the UID ${pinned} of namespace kube-system, pinned ${whence}`,
        `found ${found}, by context ${context} of ${kubeconfig}`,
      ],
      help: `let the context lead to the right one; where this is the one that is meant, say so in clusters.yaml: ${name}: { identity: ${found} }`,
    }),
  );
}
