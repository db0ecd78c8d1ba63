import { type Diagnostic, problem } from '../../../model/diagnostic.ts';
import type { KubeObject } from '../../../model/kube.ts';
import type { Look } from '../../../model/ready.ts';
import type { Readiness } from '../../../model/resource.ts';
import { at, type Fields, isFields, listAt, textAt } from '../compare/json.ts';
import { idOf, titleOf } from '../id.ts';
import { judge, type Looking, suspect, type Unready } from './looking.ts';

/** By which Argo CD is asked to look at an Application at once; it takes the annotation away when it has. */
export const refreshAnnotation = 'argocd.argoproj.io/refresh';

/** The commit that must be deployed, as a step wished it. */
export const revisionAnnotation = 'cairn/revision';

/** How other objects are judged: those that it deployed tell more than Argo CD says of them. */
export type JudgeOf = (object: KubeObject, from: Looking['from'], look: Look) => Promise<Readiness>;

/** An Argo CD Application is ready when what it deployed is Synced, at the revision that is wished, and Healthy. */
export async function applicationReadiness(app: KubeObject, looking: Looking, judgeOf: JudgeOf): Promise<Readiness> {
  const late = unseen(app);
  if (late) return late;
  const sync = textAt(app, 'status', 'sync', 'status');
  if (sync !== 'Synced') return notSynced(app, looking);
  const elsewhere = atAnotherRevision(app, looking);
  if (elsewhere) return elsewhere;
  const health = textAt(app, 'status', 'health', 'status');
  if (health === 'Healthy') return { is: 'ready' };
  const cause = await causeIn(app, looking, judgeOf);
  if (cause) return cause;
  const said = textAt(app, 'status', 'health', 'message');
  const summary = `${titleOf(idOf(app))} is ${health ?? 'of unknown health'}${said === undefined ? '' : `: ${said}`}`;
  if (health === 'Progressing' || health === 'Missing') return { is: 'waiting', on: 'what it deploys' };
  return suspect(problem('not-healthy', summary));
}

const compared = ['repoURL', 'path', 'targetRevision', 'chart'] as const;

// It has no generation of its own: what was compared is noted, and a refresh that was asked for is taken away.
function unseen(app: KubeObject): Unready | null {
  const waits = { is: 'waiting', on: 'Argo CD to look at it' } as const;
  if (app.metadata.annotations?.[refreshAnnotation] !== undefined) return waits;
  // What is wrong in itself is not compared.
  if (invalidIn(app)) return null;
  const seen = at(app, 'status', 'sync', 'comparedTo', 'source');
  const source = at(app, 'spec', 'source');
  if (isFields(source) && isFields(seen)) return compared.some((key) => seen[key] !== source[key]) ? waits : null;
  return textAt(app, 'status', 'sync', 'status') === undefined && errorsOf(app).length === 0 ? waits : null;
}

function notSynced(app: KubeObject, { since }: Looking): Unready {
  const title = titleOf(idOf(app));
  const invalid = invalidIn(app);
  if (invalid) return { is: 'failed', why: problem('not-accepted', `${title}: ${textAt(invalid, 'message')}`) };
  const operation = at(app, 'status', 'operationState');
  const phase = textAt(operation, 'phase');
  if (phase === 'Failed' || phase === 'Error')
    return judge(syncFailed(app, operation), textAt(operation, 'finishedAt'), since);
  // It tries again by itself, for minutes.
  if (phase === 'Running' && failedIn(operation).length > 0) return suspect(syncFailed(app, operation));
  // A repository that can't be reached may come back.
  const [error] = errorsOf(app);
  if (error) return suspect(problem('not-synced', `${title}: ${textAt(error, 'message')}`));
  const behind = resourcesOf(app).filter((one) => textAt(one, 'status') === 'OutOfSync');
  const named = behind.slice(0, 3).map((one) => `${textAt(one, 'kind')} ${textAt(one, 'name')}`);
  if (phase !== 'Running' && at(app, 'spec', 'syncPolicy', 'automated') === undefined) {
    const help = `set spec.syncPolicy.automated, or sync it by hand: argocd app sync ${app.metadata.name}`;
    return suspect(problem('not-synced', `${title} is OutOfSync, and nothing syncs it by itself`, { help }));
  }
  return { is: 'waiting', on: named.length === 0 ? 'its sync' : `its sync: ${named.join(', ')}` };
}

function syncFailed(app: KubeObject, operation: unknown): Diagnostic {
  const detail = failedIn(operation).map(
    (one) => `${textAt(one, 'kind')} ${textAt(one, 'name')}: ${textAt(one, 'message')}`,
  );
  const message = textAt(operation, 'message') ?? 'no reason given';
  return problem('sync-failed', `${titleOf(idOf(app))} can't be synced: ${message}`, { detail });
}

function failedIn(operation: unknown): readonly unknown[] {
  return listAt(operation, 'syncResult', 'resources').filter(
    (one) => textAt(one, 'status') === 'SyncFailed' || textAt(one, 'hookPhase') === 'Failed',
  );
}

// Somebody may have pushed on top of what this run pushed: what Argo CD looked at since then holds it.
function atAnotherRevision(app: KubeObject, { since }: Looking): Unready | null {
  const wished = app.metadata.annotations?.[revisionAnnotation];
  const is = textAt(app, 'status', 'sync', 'revision');
  if (wished === undefined || wished === is) return null;
  const deployed = listAt(app, 'status', 'history').some((one) => textAt(one, 'revision') === wished);
  const looked = Date.parse(textAt(app, 'status', 'reconciledAt') ?? '');
  if (deployed || looked + 1_000 > since) return null;
  return { is: 'waiting', on: `revision ${wished.slice(0, 12)}; it is at ${(is ?? 'none').slice(0, 12)}` };
}

// Of a cluster that isn't this one, only Argo CD's own words are known.
async function causeIn(app: KubeObject, { from, since }: Looking, judgeOf: JudgeOf): Promise<Unready | null> {
  const server = textAt(app, 'spec', 'destination', 'server');
  const name = textAt(app, 'spec', 'destination', 'name');
  if (server !== 'https://kubernetes.default.svc' && name !== 'in-cluster') return null;
  const look = Number.isFinite(since) ? { since: new Date(since).toISOString() } : {};
  for (const one of resourcesOf(app)) {
    const health = textAt(one, 'health', 'status');
    if (health === undefined || health === 'Healthy') continue;
    const object = await from.get(refTo(one));
    const readiness = object && (await judgeOf(object, from, look));
    if (readiness && (readiness.is === 'failed' || (readiness.is === 'waiting' && readiness.why))) return readiness;
  }
  return null;
}

function refTo(resource: Fields): Parameters<Looking['from']['get']>[0] {
  const { group, version, kind, namespace, name } = resource;
  const apiVersion = group === undefined || group === '' ? String(version) : `${group}/${version}`;
  const where = typeof namespace === 'string' && namespace !== '' ? { namespace } : {};
  return { apiVersion, kind: String(kind), name: String(name), ...where };
}

function errorsOf(app: KubeObject): readonly Fields[] {
  return listAt(app, 'status', 'conditions')
    .filter(isFields)
    .filter((one) => textAt(one, 'type')?.endsWith('Error') === true);
}

function invalidIn(app: KubeObject): Fields | undefined {
  return errorsOf(app).find((one) => textAt(one, 'type') === 'InvalidSpecError');
}

function resourcesOf(app: KubeObject): readonly Fields[] {
  return listAt(app, 'status', 'resources').filter(isFields);
}
