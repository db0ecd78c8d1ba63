import type { KubeClient } from './client.ts';
import { failure } from './failure.ts';
import { asFields, asList, textOf } from './json.ts';

/** A kind as the server serves it. */
export interface ServedKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Its name in paths: `deployments`. */
  readonly plural: string;
  readonly verbs: readonly string[];
}

type GroupVersion = ReadonlyMap<string, ServedKind>;

/** What the server serves; each group version is read once, as long as it holds what is asked for. */
export class Discovery {
  readonly #client: KubeClient;
  readonly #known = new Map<string, Promise<GroupVersion>>();

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** Null when the kind isn't there (yet): asked again the next time. */
  async find({ apiVersion, kind }: { apiVersion: string; kind: string }): Promise<ServedKind | null> {
    const known = this.#known.get(apiVersion) ?? this.#read(apiVersion);
    this.#known.set(apiVersion, known);
    const found = (await this.#settled(apiVersion, known)).get(kind);
    if (!found && this.#known.get(apiVersion) === known) this.#known.delete(apiVersion);
    return found ?? null;
  }

  /** Every kind of every group, in the version that the server prefers; but for groups whose server is known not to answer. */
  async all(): Promise<readonly ServedKind[]> {
    const dead = await this.#dead();
    const groups = asList(asFields(await this.#json('/apis')).groups).map(asFields);
    const preferred = groups.map(({ preferredVersion }) => textOf(asFields(preferredVersion).groupVersion));
    const alive = preferred.filter((one) => !dead.has(one));
    const versions = await Promise.all(['v1', ...alive].map((apiVersion) => this.#read(apiVersion)));
    return versions.flatMap((version) => [...version.values()]);
  }

  // `metrics.k8s.io/v1beta1` while nobody serves it: what lies there can't be reached, and nothing else shall wait for it.
  async #dead(): Promise<ReadonlySet<string>> {
    const path = '/apis/apiregistration.k8s.io/v1/apiservices';
    const answer = await this.#client.send({ method: 'GET', path, repeatable: true });
    const services = answer.status === 200 ? asList(asFields(answer.json).items).map(asFields) : [];
    const silent = services.filter(({ status }) =>
      asList(asFields(status).conditions)
        .map(asFields)
        .some((condition) => condition.type === 'Available' && condition.status === 'False'),
    );
    return new Set(silent.map(({ spec }) => `${textOf(asFields(spec).group)}/${textOf(asFields(spec).version)}`));
  }

  // A failed reading isn't kept.
  async #settled(apiVersion: string, reading: Promise<GroupVersion>): Promise<GroupVersion> {
    try {
      return await reading;
    } catch (error) {
      if (this.#known.get(apiVersion) === reading) this.#known.delete(apiVersion);
      throw error;
    }
  }

  async #read(apiVersion: string): Promise<GroupVersion> {
    const found = await this.#json(apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`);
    const kinds = asList(asFields(found).resources)
      .map(asFields)
      .filter(({ name }) => !textOf(name).includes('/'));
    return new Map(
      kinds.map(({ name, kind, namespaced, verbs }) => [
        textOf(kind),
        {
          apiVersion,
          kind: textOf(kind),
          namespaced: namespaced === true,
          plural: textOf(name),
          verbs: asList(verbs).map(textOf),
        },
      ]),
    );
  }

  async #json(path: string): Promise<unknown> {
    const answer = await this.#client.send({ method: 'GET', path, repeatable: true });
    if (answer.status === 404) return {};
    if (answer.status !== 200) throw failure(answer, `reading ${path}`);
    return answer.json;
  }
}
