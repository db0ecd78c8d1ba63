import { CairnError, type Diagnostic, diagnosticsOf, problem, throwAll } from '../model/diagnostic.ts';
import type { Emit } from '../model/event.ts';
import type { Resources } from '../model/step.ts';
import { writerFor } from '../plan/access.ts';
import { bundleLine, openBundle } from '../plan/bundle.ts';
import { type CompiledResource, compileResources } from '../plan/compile.ts';
import { type Prepared, prepare, readResource } from '../plan/prepare.ts';
import { converge } from './converge.ts';
import { noteDone } from './journaled.ts';
import { patienceFor } from './patience.ts';
import { placeOf, viewOf, type WriteScope } from './write.ts';

/**
 * Makes temporary resources, proves something with them, and takes them back whatever happens. They are journaled like
 * all others, so that a killed run leaves nothing that undo doesn't know.
 */
export async function withScratch(
  scope: WriteScope,
  record: Resources,
  prove: (live: Record<string, unknown>, made: readonly Prepared[]) => Promise<void>,
): Promise<void> {
  const quiet: WriteScope = { ...scope, context: { ...scope.context, emit: passProgress(scope.context.emit) } };
  const prepared = await prepareScratch(quiet, record);
  let failure: unknown;
  try {
    await converge(quiet, prepared);
    const live = Object.fromEntries(
      prepared.map(({ resource }) => [resource.name, quiet.state.outs.get(resource.handle)?.out]),
    );
    await prove(live, prepared);
  } catch (error) {
    failure = error;
  }
  const swept = await sweep(quiet, prepared);
  if (failure !== undefined) throw failure;
  throwAll(swept);
}

// Temporary things are no outcomes of the run, but a slow one must not be silent.
function passProgress(emit: Emit): Emit {
  return (event) => {
    if (event.type !== 'resource-finished') emit(event);
  };
}

async function prepareScratch(scope: WriteScope, record: Resources): Promise<readonly Prepared[]> {
  const prepared: Prepared[] = [];
  for (const resource of compileResources(scope.compiled.instance, record)) {
    prepared.push(
      ...(resource.handle.mode === 'bundle' ? await openScratch(scope, resource) : [await one(scope, resource)]),
    );
  }
  const taken = prepared.find(({ change, resource }) => resource.handle.mode === 'managed' && change.verb !== 'create');
  if (taken) {
    throw new CairnError(
      problem('scratch-taken', `${taken.change.title} is there already, so it can't be used as a temporary resource`, {
        help: 'it may be left from a killed run: cairn undo takes it away',
      }),
    );
  }
  return prepared;
}

async function one(scope: WriteScope, resource: CompiledResource): Promise<Prepared> {
  return prepare(resource, await readResource(resource, scope.reach), { ...viewOf(scope), comesLater: () => true });
}

async function openScratch(scope: WriteScope, bundle: CompiledResource): Promise<readonly Prepared[]> {
  const opened = await openBundle(bundle, viewOf(scope), scope.context.connections.tools);
  if (opened.is === 'open') {
    const parts = await Promise.all(opened.parts.map((part) => one(scope, part)));
    return [...parts, bundleLine(bundle, opened.parts, viewOf(scope))];
  }
  const { change } = opened.prepared;
  if (change.verb === 'skip') return [];
  const waits = problem('scratch-waits', `${change.title} can't be used as a temporary resource: ${change.why}`);
  throw new CairnError(change.problem ?? waits);
}

async function sweep(scope: WriteScope, prepared: readonly Prepared[]): Promise<readonly Diagnostic[]> {
  const problems: Diagnostic[] = [];
  for (const { resource } of prepared.toReversed()) {
    const { type, id, mode } = resource.handle;
    if (mode !== 'managed') continue;
    try {
      const now = await readResource(resource, scope.reach);
      if (now?.is !== 'present') continue;
      await type.restore(
        { id, before: null, live: now.live, patience: patienceFor(scope, resource.title) },
        writerFor(type.on, scope.reach, () => {}),
      );
      noteDone(scope.context, placeOf(scope, resource), resource.address, 'removed', null);
    } catch (error) {
      problems.push(...diagnosticsOf(error));
    }
  }
  return problems;
}
