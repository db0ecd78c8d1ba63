import type { RestWritten } from '../../model/rest.ts';
import type { Secret } from '../../model/secret.ts';
import { type Fields, isFields, isSame, normalFields } from '../thing/fields.ts';
import { type Absent, thing } from '../thing/thing.ts';
import { listOf, listPath, onlyOne } from './repository.ts';

export interface WebhookId {
  /** OWNER/NAME */
  readonly repository: string;
  /** Where it sends to. */
  readonly url: string;
}

export interface WebhookWant extends Absent {
  /** All that it is sent for; default for a new one: `push`. */
  readonly events?: readonly string[];
  /** Default for a new one: `json`. */
  readonly content_type?: 'json' | 'form';
  /** By which the receiver knows that GitHub sent it; random, best a `k8s.generated`. */
  readonly secret?: string | Secret;
  /** Default for a new one: true. */
  readonly active?: boolean;
}

export interface WebhookOut {
  readonly id: string;
}

/** What a repository tells elsewhere. TLS of the receiver is always verified. */
export const webhook = thing<'github', WebhookId, WebhookWant, WebhookOut>('github', {
  name: 'github/webhook',
  identity: ['repository', 'url'],
  address: ({ repository, url }) => `Webhook/${repository}/${encodeURIComponent(url)}`,
  title: ({ repository, url }) => `Webhook ${repository} to ${url}`,
  sealed: ['secret'],
  always: { insecure_ssl: '0' },
  async look({ repository, url }, from) {
    const here = (await listOf(repository, 'hooks', from)).filter((one) => unmarked(urlOf(one)) === url);
    const found = onlyOne(here, `webhook of ${repository} to ${url}`);
    return found && { id: String(found.id), fields: imageOf(found) };
  },
  make: ({ repository, url }, goal, to, { sealed }) =>
    to.create(listPath(repository, 'hooks'), {
      name: 'web',
      active: true,
      events: ['push'],
      ...settingsOf(goal),
      config: configOf(url, goal, { sealed }),
    }),
  async alter({ repository, url }, { from, to: goal, sealed }, to) {
    const at = `${listPath(repository, 'hooks')}/${from.id}`;
    const config = configOf(url, goal, { sealed, has: from.fields.secret });
    // Whoever sends its configuration without the secret takes that away.
    if (sealed.secret !== undefined || goal.secret === undefined) return to.patch(at, { ...settingsOf(goal), config });
    const isElse = !isSame(settingsOf(from.fields), settingsOf(goal));
    const done: RestWritten = isElse ? await to.patch(at, settingsOf(goal)) : { is: 'written' };
    return done.is === 'written' && !isSame(inConfig(from.fields), inConfig(goal))
      ? to.patch(`${at}/config`, config)
      : done;
  },
  drop: ({ repository }, { id }, to) => to.remove(`${listPath(repository, 'hooks')}/${id}`),
  out: ({ id }) => ({ id }),
});

// GitHub never shows a secret, and keeps no words of ours but in the URL: there a mark says which one it has.
const mark = /[?&]cairn=([0-9a-f]{12})$/;
const ofOthers = 'set by somebody else';

function imageOf({ active, events, config }: Fields): Fields {
  const { url, content_type, insecure_ssl, secret } = isFields(config) ? config : {};
  const sealed = secret === undefined || secret === '' ? undefined : (mark.exec(String(url))?.[1] ?? ofOthers);
  return normalFields({ active, events, content_type, insecure_ssl: String(insecure_ssl ?? '0'), secret: sealed });
}

function configOf(
  url: string,
  goal: Fields,
  { sealed, has }: { readonly sealed: Fields; readonly has?: unknown },
): Fields {
  const { content_type = 'json', insecure_ssl = '0' } = goal;
  // An undo doesn't know a secret: that mark stays which still is true.
  const isKnown = sealed.secret !== undefined || (goal.secret !== undefined && goal.secret === has && has !== ofOthers);
  const marked = isKnown ? `${url}${url.includes('?') ? '&' : '?'}cairn=${goal.secret}` : url;
  return { url: marked, content_type, insecure_ssl, ...sealed };
}

function settingsOf({ active, events }: Fields): Fields {
  return { ...(active === undefined ? {} : { active }), ...(events === undefined ? {} : { events }) };
}

function inConfig({ content_type, insecure_ssl, secret }: Fields): Fields {
  return { content_type, insecure_ssl, secret };
}

function urlOf({ config }: Fields): string {
  return isFields(config) ? String(config.url) : '';
}

function unmarked(url: string): string {
  return url.replace(mark, '');
}
