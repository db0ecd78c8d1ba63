import type { Inputs } from '../../model/deferred.ts';
import { CairnError, type Diagnostic, problem } from '../../model/diagnostic.ts';
import { type AnyType, declare, type More, type Resource, type ResourceType } from '../../model/resource.ts';
import type { Secret } from '../../model/secret.ts';
import { standIn } from '../stand-in.ts';
import type { Attributes } from './attributes.ts';
import { file } from './file.ts';
import { plainPath } from './path-image.ts';

export interface DownloadId {
  /** Absolute: where the file goes on the host. */
  readonly path: string;
  /** `https://…`; `http://…` where nothing secret is sent. */
  readonly url: string;
  /** Of what must come, in hex. */
  readonly sha256: string;
}

export interface DownloadWant extends Attributes {
  /** Sent to the URL's server alone, and not to where it leads on. Only with https. */
  readonly headers?: Readonly<Record<string, string | Secret>>;
  /** PEM of the authorities to trust besides the public ones. */
  readonly ca?: string;
  readonly validate?: readonly [string, ...string[]];
  /** Nothing may be at the path. */
  readonly absent?: boolean;
}

const type: ResourceType<'host', DownloadId, DownloadWant, object, object> = {
  name: 'download',
  version: 1,
  on: 'host',
  identity: ['path', 'url', 'sha256'],
  ...standIn,
  place: ({ path }) => path,
  title: ({ path }) => `download ${path}`,
  address: ({ path }) => `download${plainPath(path)}`,
  inspect: async (id) => problemsOf(id),
  expand: async ({ path, url, sha256 }, { headers, ca, absent, validate, ...attributes }, { tools }) => {
    if (absent) return [file({ path, absent })];
    const [wrong] = problemsOf({ path, url, sha256 });
    if (wrong) throw new CairnError(wrong);
    if (headers && !url.startsWith('https:')) throw inTheClear(path);
    const call = { url, sha256: sha256.toLowerCase(), ...(headers ? { headers } : {}), ...(ca ? { ca } : {}) };
    return [file({ ...attributes, ...(validate ? { validate } : {}), path, content: await tools.download(call) })];
  },
};

/** A file that is fetched from a URL by the machine that Cairn runs on, checked by its sum, and put on the host. */
export function download(spec: DownloadId & Inputs<DownloadWant>, more?: More): Resource<object> {
  const { path, url, sha256, ...want } = spec;
  return declare<object>(type as unknown as AnyType, 'bundle', { path, url, sha256 }, want, more);
}

function problemsOf({ path, url, sha256 }: DownloadId): readonly Diagnostic[] {
  const parsed = URL.parse(url);
  const wrong = (summary: string, help: string): Diagnostic => problem('bad-download', summary, { help });
  if (!parsed || !['https:', 'http:'].includes(parsed.protocol))
    return [wrong(`what to download to ${path} has no http URL`, 'write it whole: https://example.org/tool')];
  if (parsed.username !== '' || parsed.password !== '')
    return [
      wrong(`the URL to download to ${path} holds a login`, 'put it into headers, as a secret: { authorization: … }'),
    ];
  if (/^[0-9a-f]{64}$/i.test(sha256)) return [];
  return [
    wrong(`${path} has no sha256 of 64 hex digits`, 'take it from whoever publishes the file: sha256sum prints it'),
  ];
}

function inTheClear(path: string): CairnError {
  return new CairnError(
    problem('bad-download', `the headers to download ${path} would be sent in the clear`, { help: 'use https' }),
  );
}
