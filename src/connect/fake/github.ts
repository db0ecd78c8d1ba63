import { reveal, Secret } from '../../model/secret.ts';
import { type Answer, type Asked, FakeApi, type Json } from './api.ts';

type Entry = Json & { readonly id: number };

interface Repository {
  readonly keys: Map<number, Entry>;
  readonly hooks: Map<number, Entry>;
}

interface Invalid {
  readonly message: string;
  readonly errors: readonly Json[];
}

const masked = '********';

/** GitHub's REST API in memory, as far as our types use it: deploy keys and webhooks of repositories, as its reference says. */
export class FakeGithub extends FakeApi {
  readonly token = new Secret('github_pat_fake');
  readonly #repositories = new Map<string, Repository>();
  /** Secrets of webhooks by their ids, which it never shows. */
  readonly secrets = new Map<number, string>();
  #lastId = 1000;

  /** @param names OWNER/NAME of its repositories */
  constructor(names: readonly string[] = []) {
    super();
    for (const name of names) this.#repositories.set(name.toLowerCase(), { keys: new Map(), hooks: new Map() });
  }

  /** All that is in it. */
  snapshot(): ReadonlyMap<string, unknown> {
    const all = [...this.#repositories].flatMap(([name, { keys, hooks }]) => [
      ...[...keys.values()].map((key) => [`${name}/keys/${key.title}`, key] as const),
      ...[...hooks.values()].map((hook) => [`${name}/hooks/${hook.id}`, hook] as const),
    ]);
    return new Map(structuredClone(all));
  }

  protected answer(asked: Asked): Answer {
    const { headers, parts } = asked;
    if (!headers['user-agent']) return { status: 403, body: { message: 'Request forbidden by administrative rules.' } };
    if (headers.authorization !== `Bearer ${reveal(this.token)}`)
      return { status: 401, body: { message: 'Bad credentials' } };
    if (parts.join('/') === 'rate_limit') return { status: 200, body: { resources: {} } };
    const [repos, owner = '', name = '', list = '', id, more] = parts;
    const repository = this.#repositories.get(`${owner}/${name}`.toLowerCase());
    const found = repository && listIn(repository, list);
    if (repos !== 'repos' || !found) return notFound;
    if (id === undefined) return this.#ofList(found, asked, list);
    const entry = found.get(Number(id));
    return entry ? this.#ofEntry(found, entry, { asked, isConfig: more === 'config' }) : notFound;
  }

  #ofList(found: Map<number, Entry>, asked: Asked, list: string): Answer {
    if (asked.method === 'GET') return paged([...found.values()], asked);
    const entry = list === 'keys' ? this.#keyOf(asked.body) : this.#hookOf(asked.body, found);
    if (isInvalid(entry)) return { status: 422, body: entry };
    found.set(entry.id, entry);
    const location = `${asked.url.origin}${asked.url.pathname}/${entry.id}`;
    return { status: 201, headers: { location }, body: entry };
  }

  #ofEntry(
    found: Map<number, Entry>,
    entry: Entry,
    { asked: { method, body }, isConfig }: { readonly asked: Asked; readonly isConfig: boolean },
  ): Answer {
    if (method === 'GET') return { status: 200, body: isConfig ? entry.config : entry };
    if (method === 'DELETE') {
      found.delete(entry.id);
      return { status: 204 };
    }
    if (method !== 'PATCH' || entry.config === undefined) return notFound;
    const { config, ...settings } = isConfig ? { config: { ...(entry.config as Json), ...body } } : body;
    found.set(entry.id, { ...entry, ...settings, ...(config ? { config: this.#kept(entry.id, config as Json) } : {}) });
    return { status: 200, body: found.get(entry.id) };
  }

  // A key is in use once, in all of GitHub.
  #keyOf({ title, key, read_only = false }: Json): Entry | Invalid {
    const text = String(key).trim().split(/\s+/).slice(0, 2).join(' ');
    if (!/^ssh-[a-z0-9-]+ [A-Za-z0-9+/=]{40,}$/.test(text))
      return invalid('PublicKey', 'key is invalid. You must supply a key in OpenSSH public key format');
    const all = [...this.#repositories.values()].flatMap(({ keys }) => [...keys.values()]);
    if (all.some((one) => one.key === text)) return invalid('PublicKey', 'key is already in use');
    return { id: this.#newId(), key: text, title, read_only, verified: true };
  }

  #hookOf(
    { name = 'web', active = true, events = ['push'], config = {} }: Json,
    found: Map<number, Entry>,
  ): Entry | Invalid {
    const { url } = config as Json;
    const isSame = (hook: Entry): boolean =>
      (hook.config as Json).url === url &&
      (hook.events as string[]).some((event) => (events as string[]).includes(event));
    if ([...found.values()].some(isSame)) return invalid('Hook', 'Hook already exists on this repository');
    const id = this.#newId();
    return { id, type: 'Repository', name, active, events, config: this.#kept(id, config as Json) };
  }

  #kept(id: number, { secret, ...config }: Json): Json {
    if (secret === undefined || secret === '') this.secrets.delete(id);
    else if (secret !== masked) this.secrets.set(id, String(secret));
    const shown = this.secrets.has(id) ? { secret: masked } : {};
    return { content_type: 'form', insecure_ssl: '0', ...config, ...shown };
  }

  #newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}

const notFound: Answer = {
  status: 404,
  body: { message: 'Not Found', documentation_url: 'https://docs.github.com/rest' },
};

function invalid(resource: string, message: string): Invalid {
  return { message: 'Validation Failed', errors: [{ resource, code: 'custom', message }] };
}

function isInvalid(made: Entry | Invalid): made is Invalid {
  return Array.isArray(made.errors);
}

function listIn({ keys, hooks }: Repository, name: string): Map<number, Entry> | undefined {
  return name === 'keys' ? keys : name === 'hooks' ? hooks : undefined;
}

function paged(all: readonly Entry[], { query, url }: Asked): Answer {
  const [size, page] = [Number(query.get('per_page') ?? 30), Number(query.get('page') ?? 1)];
  const isLast = page * size >= all.length;
  const next = `<${url.origin}${url.pathname}?per_page=${size}&page=${page + 1}>; rel="next"`;
  return { status: 200, body: all.slice((page - 1) * size, page * size), headers: isLast ? {} : { link: next } };
}
