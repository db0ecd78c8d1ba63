import { CairnError, problem } from '../../model/diagnostic.ts';
import { type ImmutableField, KubeRefusal, type NoDryRun, type RefusalCause } from '../../model/kube.ts';
import { asFields, asList, type Fields, textOf } from './json.ts';
import type { Reply } from './reply.ts';

const codes: Readonly<Record<number, string>> = {
  400: 'kube-invalid',
  401: 'kube-unauthorized',
  403: 'kube-forbidden',
  404: 'kube-not-found',
  422: 'kube-invalid',
  429: 'kube-busy',
  503: 'kube-busy',
};

const busy = 'the server was too busy for it, for as long as a request may take; run it again later';

const helps: Readonly<Record<number, string>> = {
  401: 'the credentials of this context are not valid, or no longer: renew them and run it again',
  429: busy,
  503: busy,
};

/**
 * What a refusal says, as an error with a code.
 * @param what the request, for people: `applying Deployment devpi/redis`
 */
export function failure(answer: Reply, what: string): CairnError {
  const status = statusOf(answer);
  const message = textOf(status.message) || `HTTP ${answer.status}`;
  const causes = causesOf(status);
  const detail = causes.map(({ field, message: why }) => (field === '' ? why : `${field}: ${why}`));
  const help = helps[answer.status];
  const why = problem(codes[answer.status] ?? 'kube-failed', `${what}: ${message}`, {
    ...(detail.length > 1 ? { detail } : {}),
    ...(help === undefined ? {} : { help }),
  });
  return answer.status === 422 ? new KubeRefusal(why, causes) : new CairnError(why);
}

/** Why a dry run couldn't be had, or null when it was judged and refused. */
export function noDryRun(answer: Reply): { readonly because: NoDryRun; readonly message: string } | null {
  const status = statusOf(answer);
  const message = textOf(status.message);
  const because = whyNot(answer.status, message, asFields(status.details));
  return because ? { because, message } : null;
}

// The API has no code that tells a right that is missing from a quota, or a webhook that can't be tried from a bad field.
function whyNot(status: number, message: string, details: Fields): NoDryRun | null {
  if (status === 404) return details.kind === 'namespaces' ? 'no-namespace' : 'no-definition';
  if (status === 403 && / cannot \w+ resource /.test(message)) return 'forbidden';
  return status === 400 && message.includes('does not support dry run') ? 'no-webhook-dry-run' : null;
}

const refusesChange =
  /immutable|may not change|can ?not change|(can ?|may )not be changed|updates to .*forbidden|for fields other than/i;

/** The fields that can't be changed in place, when that and nothing else is why a write was refused. */
export function immutableFields(answer: Reply): readonly ImmutableField[] | null {
  if (answer.status !== 422) return null;
  const causes = causesOf(statusOf(answer));
  if (causes.length === 0 || !causes.every(({ message }) => refusesChange.test(message))) return null;
  return causes.map(({ field, message }) => ({ path: field, except: exceptIn(message, field), message }));
}

// "updates to statefulset spec for fields other than 'replicas', 'template' and … are forbidden",
// "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"
function exceptIn(message: string, field: string): readonly string[] {
  const quoted = /for fields other than (.*?) are forbidden/s.exec(message)?.[1]?.matchAll(/'([\w.]+)'/g) ?? [];
  const listed = /immutable after creation except ([\w. ,]+?) for /.exec(message)?.[1]?.split(/ and |, /) ?? [];
  return [...[...quoted].map(([, name = '']) => name), ...listed].map((name) => `${field}.${name}`);
}

function statusOf({ json, body }: Reply): Fields {
  return json === undefined ? { message: body.trim().slice(0, 300) } : asFields(json);
}

function causesOf(status: Fields): readonly RefusalCause[] {
  const causes = asList(asFields(status.details).causes).map(asFields);
  return causes.map(({ field, reason, message }) => ({
    field: textOf(field),
    reason: textOf(reason),
    message: textOf(message),
  }));
}

/** Why the credentials of a context could not be had. */
export function notHad(context: string, detail: readonly string[], help?: string): CairnError {
  const more = help === undefined ? { detail } : { detail, help };
  return new CairnError(problem('kube-config', `the credentials for context ${context} could not be had`, more));
}
