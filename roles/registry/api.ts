import { CairnError, type HttpRequest, type HttpResponse, problem, type Secret, type VarsOf } from '@cairnhq/cairn';
import { authority, type Outside } from '../gateway/authority.ts';
import type { gateway } from '../gateway/index.ts';
import type { registry } from './index.ts';
import type { Blob, SmallImage } from './smallest-image.ts';

export interface Vars {
  readonly registry: VarsOf<typeof registry>;
  readonly gateway: VarsOf<typeof gateway>;
}

/** The registry as this machine comes to it: names beneath the gateway's domain lead to the gateway, whatever the resolver says. */
export function wayTo({ registry: { host }, gateway: { domain, address } }: Vars) {
  return { url: `https://${host}`, ...(host.endsWith(`.${domain}`) ? { connectTo: address } : {}) };
}

export type Login = { readonly user: string; readonly password: string | Secret } | null;

/** Whatever an image may be, as a registry is asked for it. */
export const anyImage = [
  'oci.image.index.v1',
  'oci.image.manifest.v1',
  'docker.distribution.manifest.list.v2',
  'docker.distribution.manifest.v2',
]
  .map((type) => `application/vnd.${type}+json`)
  .join(', ');

/** Talks to the registry as one login, or as nobody. */
export class RegistryClient {
  readonly #vars: Vars;
  readonly #outside: Outside;
  readonly #login: Login;

  constructor(vars: Vars, outside: Outside, login: Login) {
    this.#vars = vars;
    this.#outside = outside;
    this.#login = login;
  }

  /** Any request beneath `/v2/`. */
  async ask(path: string, request: HttpRequest = {}): Promise<HttpResponse> {
    const ca = await authority(this.#vars.gateway, this.#outside);
    const { url, ...way } = wayTo(this.#vars);
    return await this.#outside.http.send(`${url}/v2/${path}`, {
      ...request,
      ...way,
      ...(ca === undefined ? {} : { ca }),
      ...(this.#login === null ? {} : { basic: this.#login }),
    });
  }

  /** Pushes an image under a tag. */
  async push(repository: string, tag: string, { parts, manifest, type }: SmallImage): Promise<void> {
    for (const part of parts) await this.#pushBlob(repository, part);
    const path = `${repository}/manifests/${tag}`;
    const request = { method: 'PUT', headers: { 'content-type': type }, body: manifest.bytes } as const;
    this.#demand(await this.ask(path, request), 201, `PUT /v2/${path}`);
  }

  /** The digest under a tag; undefined when nothing is there. */
  async digestOf(repository: string, tag: string, type: string): Promise<string | undefined> {
    const path = `${repository}/manifests/${tag}`;
    const answer = await this.ask(path, { method: 'HEAD', headers: { accept: type } });
    if (answer.status === 404) return undefined;
    return this.#demand(answer, 200, `HEAD /v2/${path}`).headers['docker-content-digest'];
  }

  /** Takes an image and its parts out of a repository. */
  async remove(repository: string, { parts, manifest }: SmallImage): Promise<void> {
    const paths = [`manifests/${manifest.digest}`, ...parts.map(({ digest }) => `blobs/${digest}`)];
    for (const path of paths) {
      const answer = await this.ask(`${repository}/${path}`, { method: 'DELETE' });
      if (answer.status !== 404) this.#demand(answer, 202, `DELETE /v2/${repository}/${path}`);
    }
  }

  // In one piece.
  async #pushBlob(repository: string, { digest, bytes }: Blob): Promise<void> {
    const begun = await this.ask(`${repository}/blobs/uploads/`, { method: 'POST' });
    const place = this.#demand(begun, 202, `POST /v2/${repository}/blobs/uploads/`).headers.location ?? '';
    const { pathname, searchParams } = new URL(place, `https://${this.#vars.registry.host}`);
    searchParams.set('digest', digest);
    const path = `${pathname.replace(/^\/v2\//, '')}?${searchParams}`;
    const headers = { 'content-type': 'application/octet-stream' };
    this.#demand(await this.ask(path, { method: 'PUT', headers, body: bytes }), 201, `PUT ${pathname}`);
  }

  #demand(answer: HttpResponse, status: number, what: string): HttpResponse {
    if (answer.status === status) return answer;
    const said = answer.body.slice(0, 300);
    throw new CairnError(
      problem('registry-refused', `${what} → ${answer.status}, expected ${status}`, { detail: [said] }),
    );
  }
}
