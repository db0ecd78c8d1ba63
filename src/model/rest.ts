/** What a service did with a change. `conflict`: such a thing is there already, or it is gone. */
export type RestWritten = { readonly is: 'written'; readonly id?: string } | { readonly is: 'conflict' };

/**
 * Reads a service by its JSON API. Paths are those beneath its root, each part escaped: `repos/acme/shop/keys`.
 * Rejects with a CairnError: `http-unreachable`, and by the service's name (`github-…`, `harbor-…`) `unauthorized`,
 * `forbidden`, `missing`, `limited`, `refused`, `failed`.
 */
export interface RestReader {
  /** What is there, as parsed JSON; null when nothing is. */
  get(path: string): Promise<unknown>;
  /** A whole list, page after page. One that isn't there is an error, never an empty list. */
  list(path: string): Promise<readonly unknown[]>;
  /** Who the service says that it is, after it let us in; without a slash. */
  identity(): Promise<string>;
}

/** Bodies are sent as JSON; secrets in them are revealed on the wire alone. */
export interface RestWriter extends RestReader {
  /** POST; the id of what was made, where the service gives one. */
  create(path: string, body: unknown): Promise<RestWritten>;
  /** PATCH: what the body leaves out stays as it is. */
  patch(path: string, body: unknown): Promise<RestWritten>;
  /** PUT: the body says all. */
  put(path: string, body: unknown): Promise<RestWritten>;
  remove(path: string): Promise<RestWritten>;
}

/** Reads a Harbor. */
export interface HarborReader extends RestReader {
  /** True when its registry takes this login, as `docker login` would ask. */
  accepts(user: string, secret: string): Promise<boolean>;
}

export interface HarborWriter extends HarborReader, RestWriter {}
