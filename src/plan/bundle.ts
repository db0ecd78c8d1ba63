import { Later, laterIn, resolve } from '../model/deferred.ts';
import { CairnError, type Diagnostic, diagnosticsOf, problem, throwAll } from '../model/diagnostic.ts';
import type { KubeReader } from '../model/kube.ts';
import { type AnyHandle, handleOf } from '../model/resource.ts';
import type { Means, Tools } from '../model/tools.ts';
import { type Reach, stateFor } from './access.ts';
import { readyOfNothing, readyWhenOf } from './bundle-ready.ts';
import { type CompiledResource, compileResource } from './compile.ts';
import { line, type Prepared, type View } from './prepare.ts';

/** A bundle that became resources, or its line in the plan where that can't be said yet, or must not be. */
export type Opened =
  | { readonly is: 'open'; readonly parts: readonly CompiledResource[] }
  | { readonly is: 'closed'; readonly prepared: Prepared };

/** Expands a bundle once all that it is made of is known. What is wrong with its source becomes its line. */
export async function openBundle(bundle: CompiledResource, view: View, tools: Tools): Promise<Opened> {
  const { handle, more } = bundle;
  const known = (value: unknown): unknown => resolve(value, (of) => view.lookup(of), titleOf);
  const when = known(more.when ?? true);
  if (when === false) return closed(line(bundle, null, 'skip', { why: more.because ?? 'its condition is false' }));
  const want = known(handle.want);
  const waits = when instanceof Later ? when.from : laterIn(want);
  if (waits.length > 0) return closed(undecided(bundle, `after ${waits.join(', ')}`));
  const state = stateFor(handle.type.on, view.reach);
  if (state?.is === 'unreachable') return closed(line(bundle, null, 'refused', { problem: state.why }));
  try {
    const made = (await handle.type.expand?.(handle.id, want, meansOf(bundle, view.reach, tools))) ?? [];
    const parts = partsOf(bundle, made.map(handleOf));
    throwAll(readyOfNothing(bundle, parts));
    return { is: 'open', parts };
  } catch (error) {
    if (state?.is === 'absent' && error instanceof CairnError && error.code === 'needs-cluster') {
      return closed(undecided(bundle, `once ${state.providedBy} has run`));
    }
    return closed(line(bundle, null, 'refused', { problem: joined(diagnosticsOf(error)) }));
  }
}

/** The line of an open bundle: it changes nothing itself, and its outputs are those of its parts, by address. */
export function bundleLine(bundle: CompiledResource, parts: readonly CompiledResource[], view: View): Prepared {
  const resource = { ...bundle, parts, waitsFor: parts.map(({ handle }) => handle) };
  const outs = parts.map(({ address, handle }) => [address, view.lookup(handle)] as const);
  const prepared = line(resource, null, 'read');
  if (outs.some(([, out]) => out === undefined)) return prepared;
  return { ...prepared, out: { out: Object.fromEntries(outs.map(([address, out]) => [address, out?.out])) } };
}

function partsOf(bundle: CompiledResource, handles: readonly AnyHandle[]): readonly CompiledResource[] {
  const { name, target, waitsFor, more, kept, title } = bundle;
  const { takeOver, within, readyOf = {} } = more;
  return handles.map((handle) => {
    const part = compileResource(name, handle, target);
    const ready = readyWhenOf(part, readyOf);
    return {
      ...part,
      name: `${name}/${part.address}`,
      waitsFor: [...new Set([...waitsFor, ...part.waitsFor])],
      more: {
        ...part.more,
        ...(takeOver === undefined ? {} : { takeOver }),
        ...(within === undefined ? {} : { within }),
        ...(ready === undefined ? {} : { ready }),
      },
      kept: part.kept ?? kept,
      source: title,
    };
  });
}

function meansOf({ declared = [] }: CompiledResource, reach: Reach, tools: Tools): Means {
  const host = reach.host?.is === 'open' ? (reach.host.host?.reader ?? null) : null;
  return { tools, kube: kubeOf(reach), host, declared };
}

function kubeOf({ cluster }: Reach): KubeReader | null {
  return cluster?.is === 'open' ? (cluster.kubernetes?.reader ?? null) : null;
}

function closed(prepared: Prepared): Opened {
  return { is: 'closed', prepared };
}

export function undecided(bundle: CompiledResource, why: string): Prepared {
  return line(bundle, null, 'undecided', { certainty: 'undecided', why });
}

// A line has room for one problem; the others stand beneath it.
function joined([first, ...others]: readonly Diagnostic[]): Diagnostic {
  const rest = others.map(({ summary, source }) =>
    source ? `${source.file}:${source.line}:${source.column}  ${summary}` : summary,
  );
  const whole = first ?? problem('no-parts', 'nothing is known about it');
  return rest.length === 0 ? whole : { ...whole, detail: [...(whole.detail ?? []), ...rest] };
}

function titleOf({ type, id }: AnyHandle): string {
  return type.title(id);
}
