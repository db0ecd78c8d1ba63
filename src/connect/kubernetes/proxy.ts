import { BlockList, isIP } from 'node:net';
import { CairnError, problem } from '../../model/diagnostic.ts';
import { reveal, Secret } from '../../model/secret.ts';

/** A proxy that hands connections on when asked to with CONNECT. */
export interface ProxyServer {
  /** With the user and password in it, if it wants any: never to be shown. */
  readonly url: URL;
  /** What may be shown: `http://proxy.example:3128 (HTTPS_PROXY)`. */
  readonly shown: string;
  /** For the header `proxy-authorization`. */
  readonly authorization?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy on the way to a server, chosen as kubectl does: what the kubeconfig says goes always that way, `HTTPS_PROXY` (for a
 * plain server `HTTP_PROXY`) doesn't count for this machine's loopback and for what `NO_PROXY` names.
 * https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 * @param named `proxy-url` of the kubeconfig
 * @throws CairnError `kube-config`: no address, or one of a kind that isn't spoken
 */
export function proxyFor(server: URL, named: string | undefined, ambient: Environment): ProxyServer | undefined {
  if (named) return parsed(named, 'proxy-url of the kubeconfig');
  const variable = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const value = either(ambient, variable);
  if (!value || isExempt(server, either(ambient, 'NO_PROXY') ?? '')) return undefined;
  return parsed(value.includes('://') ? value : `http://${value}`, variable);
}

function either(ambient: Environment, name: string): string | undefined {
  return ambient[name] || ambient[name.toLowerCase()];
}

function parsed(text: string, from: string): ProxyServer {
  const url = URL.parse(text);
  const fail = (what: string): never => {
    throw new CairnError(
      problem('kube-config', `${from} ${what}`, { help: 'name a proxy as http://HOST:PORT or https://HOST:PORT' }),
    );
  };
  // What can't be read may hold a password: it isn't shown.
  if (!url?.host) return fail('is no address');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return fail(`names a proxy of kind ${url.protocol.slice(0, -1)}, which Cairn does not speak`);
  return { url, shown: `${url.protocol}//${url.host} (${from})`, ...authorizationOf(url) };
}

function authorizationOf({ username, password }: URL): Pick<ProxyServer, 'authorization'> {
  if (username === '') return {};
  const plain = new Secret(decodeURIComponent(password));
  const pair = new Secret(Buffer.from(`${decodeURIComponent(username)}:${reveal(plain)}`).toString('base64'));
  return { authorization: `Basic ${reveal(pair)}` };
}

function isExempt(server: URL, noProxy: string): boolean {
  const host = server.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = server.port || (server.protocol === 'https:' ? '443' : '80');
  if (host === 'localhost' || isWithin(host, '127.0.0.0/8') || isWithin(host, '::1/128')) return true;
  const entries = noProxy.split(',').map((entry) => entry.trim().toLowerCase());
  return entries.some((entry) => entry === '*' || covers(entry, host, port));
}

// `10.0.0.0/8`, `10.1.2.3`, `[::1]:6443`, `example.com` (with all below it), `.example.com` (only what is below), each but the first also with a port.
function covers(entry: string, host: string, port: string): boolean {
  if (entry.includes('/')) return isWithin(host, entry);
  const [, bracketed, bare, only] = /^(?:\[(.+)\]|([^:]+|.*:.*:.*?))(?::(\d+))?$/.exec(entry) ?? [];
  const name = (bracketed ?? bare ?? '').replace(/^\*(?=\.)/, '');
  if (name === '' || (only !== undefined && only !== port)) return false;
  if (isIP(name) > 0) return isWithin(host, `${name}/${isIP(name) === 4 ? 32 : 128}`);
  return host === name || host.endsWith(name.startsWith('.') ? name : `.${name}`);
}

function isWithin(host: string, range: string): boolean {
  const [network = '', length = ''] = range.split('/');
  const family = isIP(host);
  if (family === 0 || isIP(network) !== family || !/^\d+$/.test(length)) return false;
  if (Number(length) > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(length), family === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
