import { reveal, Secret } from '../../model/secret.ts';
import { type Answer, type Asked, FakeApi, type Json } from './api.ts';

interface FakeProject {
  readonly id: number;
  metadata: Json;
  storage: number;
  readonly repositories: Set<string>;
}

interface FakeRobot {
  readonly id: number;
  readonly project: string;
  rep: Json;
  secret: string;
}

/** Harbor's API 2.0 in memory, as far as our types use it: projects with their quotas, robots, and the login of its registry. */
export class FakeHarbor extends FakeApi {
  readonly user = 'admin';
  readonly password = new Secret('Harbor12345');
  readonly #projects = new Map<string, FakeProject>();
  readonly #robots = new Map<number, FakeRobot>();
  #lastId = 0;

  /** Puts an image there, as a push would. */
  push(project: string, repository: string): void {
    this.#projects.get(project)?.repositories.add(repository);
  }

  /** All that is in it, but for its ids. */
  snapshot(): ReadonlyMap<string, unknown> {
    const projects = [...this.#projects].map(
      ([name, { id: _, repositories, ...project }]) => [name, { ...project, repositories: [...repositories] }] as const,
    );
    const robots = [...this.#robots.values()].map(({ rep }) => [String(rep.name), rep] as const);
    return new Map<string, unknown>(structuredClone([...projects, ...robots]));
  }

  protected answer(asked: Asked): Answer {
    const [api, version, ...rest] = asked.parts;
    const login = loginOf(asked);
    const isAdmin = login?.user === this.user && login.password === reveal(this.password);
    if (asked.parts.join('/') === 'service/token') return this.#token(asked, isAdmin, login);
    if (api !== 'api' || version !== 'v2.0') return { status: 404, body: '404 page not found' };
    if (rest.join('/') === 'systeminfo')
      return { status: 200, body: { external_url: 'https://harbor.fake', auth_mode: 'db_auth' } };
    if (!isAdmin) return problem(401, 'UNAUTHORIZED', 'unauthorized');
    if (rest.join('/') === 'users/current') return { status: 200, body: { username: this.user, sysadmin_flag: true } };
    const [list, ...parts] = rest;
    if (list === 'projects') return this.#ofProjects({ ...asked, parts });
    if (list === 'robots') return this.#ofRobots({ ...asked, parts });
    return list === 'quotas' ? this.#ofQuotas({ ...asked, parts }) : notFound;
  }

  // What `docker login` asks: without a scope nobody but who is known gets a token.
  #token({ query }: Asked, isAdmin: boolean, login: ReturnType<typeof loginOf>): Answer {
    const robot = [...this.#robots.values()].find(({ rep }) => rep.name === login?.user);
    const isRobot = robot !== undefined && robot.rep.disable !== true && robot.secret === login?.password;
    if ((isAdmin || isRobot) && query.get('service') === 'harbor-registry')
      return { status: 200, body: { token: 'ey' } };
    return { status: 401, body: { errors: [{ code: 'UNAUTHORIZED', message: 'Unauthorized' }] } };
  }

  #ofProjects({ method, parts, body, url }: Asked): Answer {
    const [name, list, repository] = parts;
    if (name === undefined) return method === 'POST' ? this.#addProject(body) : notFound;
    const project = this.#projects.get(name);
    if (!project) return problem(404, 'NOT_FOUND', `project ${name} not found`);
    if (list === 'summary') return { status: 200, body: { quota: { hard: { storage: project.storage } } } };
    if (list === 'repositories' && method === 'GET')
      return paged(
        [...project.repositories].map((one) => ({ name: `${name}/${one}` })),
        url,
      );
    if (list === 'repositories')
      return project.repositories.delete(decodeURIComponent(repository ?? '')) ? done : notFound;
    if (method === 'GET')
      return {
        status: 200,
        body: { project_id: project.id, name, metadata: project.metadata, repo_count: project.repositories.size },
      };
    if (method === 'DELETE') return this.#dropProject(name, project);
    project.metadata = { ...project.metadata, ...(body.metadata as Json) };
    return done;
  }

  #addProject({ project_name, metadata, storage_limit = -1 }: Json): Answer {
    const name = String(project_name);
    if (this.#projects.has(name)) return problem(409, 'CONFLICT', `The project named ${name} already exists`);
    const id = this.#newId();
    this.#projects.set(name, {
      id,
      metadata: metadata as Json,
      storage: Number(storage_limit),
      repositories: new Set(),
    });
    return { status: 201, headers: { location: `/api/v2.0/projects/${id}` } };
  }

  #dropProject(name: string, { repositories }: FakeProject): Answer {
    if (repositories.size > 0)
      return problem(412, 'PRECONDITION', 'the project contains repositories, can not be deleted');
    this.#projects.delete(name);
    for (const [id, robot] of this.#robots) if (robot.project === name) this.#robots.delete(id);
    return done;
  }

  #ofQuotas({ method, parts: [id], url, body }: Asked): Answer {
    const asked = id ?? url.searchParams.get('reference_id');
    const project = [...this.#projects.values()].find((one) => String(one.id) === asked);
    if (!project) return id === undefined ? paged([], url) : notFound;
    if (method === 'GET') return paged([{ id: project.id, hard: { storage: project.storage } }], url);
    project.storage = Number((body.hard as Json).storage);
    return done;
  }

  #ofRobots({ method, parts: [id], url, body }: Asked): Answer {
    if (id === undefined) return method === 'POST' ? this.#addRobot(body) : this.#listRobots(url);
    const robot = this.#robots.get(Number(id));
    if (!robot) return problem(404, 'NOT_FOUND', `robot ${id} not found`);
    if (method === 'DELETE') this.#robots.delete(robot.id);
    else if (method === 'PATCH') return setSecret(robot, String(body.secret ?? ''));
    else if (body.name !== robot.rep.name || body.level !== robot.rep.level)
      return problem(400, 'BAD_REQUEST', 'cannot update the level or name of robot');
    else robot.rep = { ...robot.rep, ...body };
    return done;
  }

  #addRobot({ name, permissions, ...body }: Json): Answer {
    const [{ namespace = '' } = {}] = permissions as readonly { readonly namespace?: string }[];
    if (!/^[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(String(name)))
      return problem(400, 'BAD_REQUEST', 'robot name is not in lower case or contains illegal characters');
    if (!this.#projects.has(namespace)) return problem(404, 'NOT_FOUND', `project ${namespace} not found`);
    const full = `robot$${namespace}+${String(name)}`;
    if ([...this.#robots.values()].some(({ rep }) => rep.name === full))
      return problem(409, 'CONFLICT', `robot account ${full} already exists`);
    const id = this.#newId();
    const rep = { id, disable: false, editable: true, expires_at: -1, ...body, name: full, permissions };
    const secret = `Made0${id}up`;
    this.#robots.set(id, { id, project: namespace, rep, secret });
    return { status: 201, headers: { location: `/api/v2.0/robots/${id}` }, body: { id, name: full, secret } };
  }

  #listRobots(url: URL): Answer {
    const project = /ProjectID=(\d+)/.exec(url.searchParams.get('q') ?? '')?.[1];
    const owner = [...this.#projects].find(([, { id }]) => String(id) === project)?.[0];
    return paged(
      [...this.#robots.values()].filter((robot) => robot.project === owner).map(({ rep }) => rep),
      url,
    );
  }

  #newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}

const done: Answer = { status: 200 };
const notFound = problem(404, 'NOT_FOUND', 'path not found');

function problem(status: number, code: string, message: string): Answer {
  return { status, body: { errors: [{ code, message }] } };
}

function setSecret(robot: FakeRobot, secret: string): Answer {
  const isFit = secret.length >= 8 && [/[a-z]/, /[A-Z]/, /[0-9]/].every((sort) => sort.test(secret));
  if (!isFit)
    return problem(
      400,
      'BAD_REQUEST',
      'the secret must longer than 8 chars with at least 1 uppercase letter, 1 lowercase letter and 1 number',
    );
  robot.secret = secret;
  return { status: 200, body: {} };
}

function loginOf({
  headers: { authorization = '' },
}: Asked): { readonly user: string; readonly password: string } | null {
  const [, basic] = /^Basic (.+)$/.exec(authorization) ?? [];
  const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(basic ?? '', 'base64').toString()) ?? [];
  return user === undefined || password === undefined ? null : { user, password };
}

function paged(all: readonly Json[], { pathname, searchParams: query }: URL): Answer {
  const [size, page] = [Number(query.get('page_size') ?? 10), Number(query.get('page') ?? 1)];
  const others = [...query]
    .filter(([key]) => key !== 'page')
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  const more = page * size < all.length ? `<${pathname}?page=${page + 1}&${others.join('&')}>; rel="next"` : '';
  const headers = { 'x-total-count': String(all.length), ...(more === '' ? {} : { link: more }) };
  return { status: 200, headers, body: all.slice((page - 1) * size, page * size) };
}
