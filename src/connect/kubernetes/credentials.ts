import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { askPlugin } from './exec-plugin.ts';
import { notHad } from './failure.ts';
import { type Access, bearer, type TlsAccess } from './kubeconfig.ts';

/** What shows a server who asks. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: Pick<TlsAccess, 'cert' | 'key'>;
  /** Milliseconds since 1970; undefined when they don't say. */
  readonly expires?: number;
}

/** A file of a token is read again this often, as the official clients do. */
const fileLife = 60_000;
/** Renewed so much before their end, for the way to the server and for clocks that differ; never more than a tenth of their life. */
const margin = 10_000;

/** The credentials of one context: asked for once, and again when they end or the server takes them no more. */
export class CredentialSource {
  readonly #access: Access;
  #current: Promise<Credentials> | null = null;
  #renewAt = Number.POSITIVE_INFINITY;

  constructor(access: Access) {
    this.#access = access;
  }

  /** True when asking again may bring others. */
  get isRenewable(): boolean {
    return this.#access.renewable !== undefined;
  }

  /** @throws CairnError `kube-config`: the program or the file that gives them fails */
  get(): Promise<Credentials> {
    if (this.#current && Date.now() < this.#renewAt) return this.#current;
    const asked = this.#ask();
    this.#current = asked;
    this.#renewAt = Number.POSITIVE_INFINITY;
    asked.catch(() => this.#drop(asked));
    return asked;
  }

  /** The server refused these. Those that came since are kept: many requests may find out at once. */
  async refuse(used: Credentials): Promise<void> {
    const current = this.#current;
    if (current && (await current) === used) this.#drop(current);
  }

  #drop(asked: Promise<Credentials>): void {
    if (this.#current === asked) this.#current = null;
  }

  async #ask(): Promise<Credentials> {
    const began = Date.now();
    const found = await credentialsOf(this.#access);
    if (found.expires !== undefined) {
      this.#renewAt = found.expires - Math.min(margin, Math.max(0, found.expires - began) / 10);
    }
    return found;
  }
}

async function credentialsOf(access: Access): Promise<Credentials> {
  const { renewable, context } = access;
  if (renewable === undefined) return { headers: {}, tls: {} };
  if (renewable.is === 'exec') return askPlugin(renewable, context);
  if (renewable.is === 'provider') return askProvider(access);
  try {
    const token = (await readFile(renewable.path, 'utf8')).trim();
    return { headers: bearer(token), tls: {}, expires: Date.now() + fileLife };
  } catch (error) {
    throw notHad(context, [error instanceof Error ? error.message : String(error)]);
  }
}

// The official client is loaded only for this: importing it costs more than a whole plan.
async function askProvider({ kubeconfig, context }: Access): Promise<Credentials> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  config.setCurrentContext(context);
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw notHad(context, [error instanceof Error ? error.message.trim() : String(error)]);
  }
  const token = tokenIn(options.headers);
  return {
    headers: token === undefined ? {} : bearer(token),
    tls: {
      ...(options.cert ? { cert: Buffer.from(String(options.cert)) } : {}),
      ...(options.key ? { key: Buffer.from(String(options.key)) } : {}),
    },
  };
}

function tokenIn(headers: RequestOptions['headers']): string | undefined {
  if (!headers || Array.isArray(headers)) return undefined;
  const value = (headers as Record<string, unknown>).Authorization;
  return typeof value === 'string' ? value.replace(/^Bearer /, '') : undefined;
}
