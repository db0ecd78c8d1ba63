import type { Secret } from './secret.ts';

export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string | Secret>>;
  /** Sent as `Authorization: Basic`. */
  readonly basic?: { readonly user: string; readonly password: string | Secret };
  readonly body?: string | Secret | Uint8Array;
  /** Sent as JSON, with its content type; secrets in it are revealed on the wire alone. */
  readonly json?: unknown;
  /** PEM of the authorities to trust besides the system's. */
  readonly ca?: string;
  /** Connect to this address instead of asking the resolver for the URL's host: `127.0.0.1`, `127.0.0.1:8443`. */
  readonly connectTo?: string;
  /** Default: manual, so that a redirect is an answer like any other. */
  readonly redirect?: 'manual' | 'follow';
  /** Milliseconds until the whole answer must be there; default 10,000. */
  readonly timeout?: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** HTTP for checks and actions. Rejects with code `http-unreachable` when there is no answer at all. */
export interface Http {
  send(url: string, request?: HttpRequest): Promise<HttpResponse>;
}
