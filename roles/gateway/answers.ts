import { gate, type HttpResponse, type Resource, type VarsOf } from '@cairnhq/cairn';
import { authority, type Outside } from './authority.ts';
import type { gateway } from './index.ts';

/** What is expected of the answer to a GET. */
export interface Expected {
  readonly url: string;
  readonly status: number;
  /** Part of the body. */
  readonly body?: string;
}

/** Asks a host behind the gateway, whatever this machine's resolver says. */
export async function get(
  vars: VarsOf<typeof gateway>,
  outside: Outside,
  { url }: Pick<Expected, 'url'>,
): Promise<HttpResponse> {
  const ca = await authority(vars, outside);
  const headers = { accept: 'application/json' };
  return outside.http.send(url, { connectTo: vars.address, headers, ...(ca === undefined ? {} : { ca }) });
}

/** True when an answer is as expected, else what came instead. */
export function judge({ status, body }: HttpResponse, expected: Expected): true | string {
  if (status === expected.status && body.includes(expected.body ?? '')) return true;
  const wanted = expected.body === undefined ? '' : ` and "${expected.body}"`;
  return `GET ${expected.url} → ${status}, expected ${expected.status}${wanted}`;
}

/** Waits until a host behind the gateway answers as expected: a proxy takes up a new route in its own time. */
export function answers(
  vars: VarsOf<typeof gateway>,
  expected: Expected,
  after: readonly Resource<unknown>[],
): Resource<object> {
  return gate(
    {
      id: `${expected.url} answers`,
      until: (world) =>
        get(vars, world, expected).then(
          (answer) => judge(answer, expected),
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        ),
    },
    { after, within: 60_000 },
  );
}
