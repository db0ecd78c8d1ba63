import type { EndpointType } from '../../model/endpoint.ts';
import type { HttpRequest, HttpResponse } from '../../model/http.ts';

/** In what one JSON API differs from another. */
export interface Dialect {
  /** Stands before the codes of its problems. */
  readonly type: EndpointType;
  /** Of every request: who asks, and in which version of the API. */
  readonly request: Pick<HttpRequest, 'headers' | 'basic'>;
  /** The query of a list's first page: `per_page=100`. */
  readonly firstPage: string;
  /** What a failed answer says, by its body. */
  words(body: unknown): string;
  /** What may be wrong where an answer refuses. */
  readonly help: {
    readonly unauthorized: string;
    readonly forbidden: string;
    readonly missing: string;
  };
  /** Milliseconds until the service answers again, where it says that we asked too much; else undefined. */
  limit?(answer: HttpResponse, now: number): number | undefined;
  /** What the answer says of the rights that it takes. */
  rights?(answer: HttpResponse): readonly string[];
}
