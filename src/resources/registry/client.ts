import { createHash } from 'node:crypto';
import { CairnError, problem } from '../../model/diagnostic.ts';
import type { Http, HttpRequest, HttpResponse } from '../../model/http.ts';
import { reveal, Secret } from '../../model/secret.ts';

/** Where a registry is, and who asks. */
export interface RegistryWay {
  /** `https://registry.example` */
  readonly url: string;
  readonly login?: { readonly user: string; readonly password: Secret };
  readonly connection: Pick<HttpRequest, 'ca' | 'connectTo'>;
}

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
const accepted = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/**
 * The digest of an image under a tag, or of what a digest names; null when there is none.
 * @throws CairnError `registry-unauthorized`, `registry-refused`, `http-unreachable`
 */
export async function digestOf(
  http: Http,
  way: RegistryWay,
  { repository, reference }: { readonly repository: string; readonly reference: string },
): Promise<string | null> {
  const path = `${repository}/manifests/${reference}`;
  const answer = await ask(http, way, { path, method: 'HEAD' });
  if (answer.status === 404) return null;
  if (answer.status !== 200) throw refusal(way, path, answer);
  const told = answer.headers['docker-content-digest'];
  if (told !== undefined) return told;
  // One that doesn't say it: the digest is that of the manifest's bytes.
  const whole = await ask(http, way, { path, method: 'GET' });
  if (whole.status !== 200) throw refusal(way, path, whole);
  return `sha256:${createHash('sha256').update(whole.body).digest('hex')}`;
}

interface Asked {
  readonly path: string;
  readonly method: 'HEAD' | 'GET';
}

// https://distribution.github.io/distribution/spec/auth/token/: a registry that wants a token says where to get one.
async function ask(http: Http, way: RegistryWay, asked: Asked): Promise<HttpResponse> {
  const { login } = way;
  const first = await send(http, way, asked, login ? { basic: login } : {});
  const wanted = first.status === 401 ? first.headers['www-authenticate'] : undefined;
  if (wanted === undefined || !/^bearer /i.test(wanted)) return first;
  const token = await tokenFor(http, way, wanted);
  return await send(http, way, asked, { headers: { authorization: new Secret(`Bearer ${reveal(token)}`) } });
}

function send(http: Http, { url, connection }: RegistryWay, asked: Asked, more: HttpRequest): Promise<HttpResponse> {
  const headers = { accept: accepted, ...more.headers };
  return http.send(`${url}/v2/${asked.path}`, { ...connection, ...more, method: asked.method, headers });
}

async function tokenFor(http: Http, { url, login, connection }: RegistryWay, wanted: string): Promise<Secret> {
  const words = new Map([...wanted.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]));
  const realm = URL.parse(words.get('realm') ?? '');
  if (!realm || (realm.protocol !== 'https:' && new URL(url).protocol === 'https:'))
    throw new CairnError(problem('registry-refused', `${url} wants a token from ${words.get('realm') ?? 'nowhere'}`));
  for (const key of ['service', 'scope']) {
    const value = words.get(key);
    if (value !== undefined) realm.searchParams.set(key, value);
  }
  // Another host than the registry's is reached by its own name.
  const way = realm.host === new URL(url).host ? connection : connection.ca === undefined ? {} : { ca: connection.ca };
  const answer = await http.send(realm.href, { ...way, ...(login ? { basic: login } : {}) });
  if (answer.status !== 200) throw refusal({ url }, realm.pathname, answer);
  const { token, access_token } = JSON.parse(answer.body) as {
    readonly token?: string;
    readonly access_token?: string;
  };
  return new Secret(token ?? access_token ?? '');
}

function refusal({ url }: Pick<RegistryWay, 'url'>, path: string, { status, body }: HttpResponse): CairnError {
  const detail = body.trim() === '' ? [] : [body.trim().slice(0, 300)];
  if (status === 401 || status === 403) {
    const help = 'look at its login, and whether it may read this repository';
    return new CairnError(problem('registry-unauthorized', `${url} refuses ${path}: ${status}`, { detail, help }));
  }
  return new CairnError(problem('registry-refused', `${url} answers ${status} to ${path}`, { detail }));
}
