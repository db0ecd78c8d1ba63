import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { CairnError, problem } from '../../model/diagnostic.ts';
import { reveal, Secret } from '../../model/secret.ts';
import { asFields, type Fields, namedItem, textOf } from './json.ts';
import { type ProxyServer, proxyFor } from './proxy.ts';

/** Where a cluster is and how to speak to it, from one context of a kubeconfig. */
export interface Access {
  /** `https://127.0.0.1:6443`. */
  readonly server: URL;
  readonly tls: TlsAccess;
  readonly headers: Readonly<Record<string, string>>;
  /** On the way to the server, undefined where it is reached directly. */
  readonly proxy?: ProxyServer;
  /** Where credentials come from that don't last; undefined when the file has them itself. */
  readonly renewable?: Renewable;
  readonly kubeconfig: string;
  readonly context: string;
}

export interface TlsAccess {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

export type Renewable =
  | { readonly is: 'token-file'; readonly path: string }
  /** A program. https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
  | { readonly is: 'exec'; readonly plugin: Fields; readonly cluster: Fields; readonly folder: string }
  /** Sign-ins built into the official client: `auth-provider`. */
  | { readonly is: 'provider' };

/**
 * Reads one context; the file's current context is never used unasked.
 * @param kubeconfig absolute path
 * @param ambient the environment, which may name a proxy
 * @throws CairnError code `kube-config`: what is missing in the file
 */
export async function readAccess(
  kubeconfig: string,
  context: string,
  ambient: NodeJS.ProcessEnv = process.env,
): Promise<Access> {
  const config = await readConfig(kubeconfig);
  const fail = (what: string): CairnError => new CairnError(problem('kube-config', `${kubeconfig}: ${what}`));
  const chosen = asFields(namedItem(config.contexts, context).context);
  if (!chosen.cluster) throw fail(`there is no context "${context}"`);
  const cluster = asFields(namedItem(config.clusters, textOf(chosen.cluster)).cluster);
  const user = asFields(namedItem(config.users, textOf(chosen.user)).user);
  if (cluster.server === undefined) throw fail(`context "${context}" names a cluster without a server`);
  const folder = dirname(kubeconfig);
  const [ca, cert, key] = await Promise.all([
    bytes(cluster, 'certificate-authority', folder),
    bytes(user, 'client-certificate', folder),
    bytes(user, 'client-key', folder),
  ]);
  const server = new URL(textOf(cluster.server));
  const proxy = proxyFor(server, textOf(cluster['proxy-url']), ambient);
  return {
    server,
    ...(proxy ? { proxy } : {}),
    tls: {
      ...(ca ? { ca } : {}),
      ...(cert ? { cert } : {}),
      ...(key ? { key } : {}),
      ...(cluster['tls-server-name'] === undefined ? {} : { servername: textOf(cluster['tls-server-name']) }),
      ...(cluster['insecure-skip-tls-verify'] === true ? { rejectUnauthorized: false } : {}),
    },
    headers: headersOf(user),
    ...renewableOf(user, cluster, folder),
    kubeconfig,
    context,
  };
}

async function readConfig(path: string): Promise<Fields> {
  try {
    return asFields(parse(await readFile(path, 'utf8')));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CairnError(problem('kube-config', `the kubeconfig can't be read: ${why}`));
  }
}

async function bytes(from: Fields, field: string, folder: string): Promise<Buffer | null> {
  const data = from[`${field}-data`];
  if (data !== undefined) return Buffer.from(textOf(data), 'base64');
  return from[field] === undefined ? null : readFile(resolve(folder, textOf(from[field])));
}

function renewableOf(user: Fields, cluster: Fields, folder: string): Pick<Access, 'renewable'> {
  if (user.exec !== undefined) return { renewable: { is: 'exec', plugin: asFields(user.exec), cluster, folder } };
  if (user['auth-provider'] !== undefined) return { renewable: { is: 'provider' } };
  if (user.token !== undefined || user.tokenFile === undefined) return {};
  return { renewable: { is: 'token-file', path: resolve(folder, textOf(user.tokenFile)) } };
}

function headersOf(user: Fields): Record<string, string> {
  const as = user.as === undefined ? {} : { 'impersonate-user': textOf(user.as) };
  if (user.token !== undefined) return { ...as, ...bearer(textOf(user.token)) };
  if (user.username === undefined) return as;
  const password = new Secret(textOf(user.password));
  const pair = new Secret(Buffer.from(`${textOf(user.username)}:${reveal(password)}`).toString('base64'));
  return { ...as, authorization: `Basic ${reveal(pair)}` };
}

/** The header of a token, which is kept out of everything that is shown. */
export function bearer(token: string): { readonly authorization: string } {
  return { authorization: `Bearer ${reveal(new Secret(token))}` };
}
