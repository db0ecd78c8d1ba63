import type { Connections } from '../model/connections.ts';
import { isPending } from '../model/plan.ts';
import type { AnyHandle, Reading } from '../model/resource.ts';
import type { Reach } from './access.ts';
import { bundleLine, openBundle } from './bundle.ts';
import { type CompiledResource, type CompiledStep, keyOf } from './compile.ts';
import { declaredTwice } from './compile-problems.ts';
import { line, type Prepared, prepare, readResource, type View } from './prepare.ts';

/** Where a resource belongs. */
interface Place {
  readonly step: CompiledStep;
  readonly reach: Reach;
  /** Of its step in the run. */
  readonly order: number;
}

export type Readings = ReadonlyMap<AnyHandle, Reading<unknown> | null>;

/** Plans each resource once, after those it waits for; independent ones side by side. Bundles are opened on the way. */
export class Planner {
  readonly #tools: Connections['tools'];
  readonly #readings: Readings;
  readonly #places = new Map<AnyHandle, Place>();
  readonly #byHandle = new Map<AnyHandle, CompiledResource>();
  readonly #managed = new Map<string, CompiledResource>();
  readonly #bundles: CompiledResource[] = [];
  readonly #planned = new Map<AnyHandle, Promise<readonly Prepared[]>>();
  readonly #outs = new Map<AnyHandle, { readonly out: unknown }>();
  readonly #pendingKeys = new Set<string>();
  readonly #skipped = new Set<AnyHandle>();
  /** Targets for which an earlier step has a bundle that can't be opened yet: who knows what it will make. */
  readonly #unknownMakers = new Map<string, number>();

  constructor(
    compiled: readonly CompiledStep[],
    reaches: readonly Reach[],
    { tools, readings }: { readonly tools: Connections['tools']; readonly readings: Readings },
  ) {
    this.#tools = tools;
    this.#readings = readings;
    compiled.forEach((step, order) => {
      const reach = reaches[order];
      if (!reach) throw new RangeError(`step ${step.instance.id} has no targets`);
      for (const resource of step.resources) this.#add(resource, { step, reach, order });
    });
  }

  /** The lines of a resource: its own, and before it those of the parts of a bundle. */
  plan(resource: CompiledResource): Promise<readonly Prepared[]> {
    const before = this.#planned.get(resource.handle);
    if (before) return before;
    const planned = this.#plan(resource);
    this.#planned.set(resource.handle, planned);
    return planned;
  }

  #add(resource: CompiledResource, place: Place): void {
    this.#places.set(resource.handle, place);
    this.#byHandle.set(resource.handle, resource);
    if (resource.handle.mode === 'managed') this.#managed.set(keyOf(resource.target, resource.address), resource);
    if (resource.handle.mode === 'bundle') this.#bundles.push(resource);
  }

  async #plan(resource: CompiledResource): Promise<readonly Prepared[]> {
    await Promise.all(this.#before(resource).map((other) => this.plan(other)));
    const maker = this.#makerOf(resource);
    if (maker) await this.plan(maker);
    if (resource.handle.mode === 'bundle') return this.#planBundle(resource);
    return [await this.#planOne(resource, this.#readings.get(resource.handle) ?? null)];
  }

  async #planOne(resource: CompiledResource, reading: Reading<unknown> | null): Promise<Prepared> {
    const prepared = await prepare(resource, reading, this.#view(resource));
    if (prepared.change.verb === 'skip') this.#skipped.add(resource.handle);
    if (prepared.out) this.#outs.set(resource.handle, prepared.out);
    else if (resource.handle.mode === 'managed' && isPending(prepared.change))
      this.#pendingKeys.add(keyOf(resource.target, resource.address));
    return prepared;
  }

  async #planBundle(bundle: CompiledResource): Promise<readonly Prepared[]> {
    const place = this.#placeOf(bundle);
    const opened = await openBundle(bundle, this.#view(bundle), this.#tools);
    if (opened.is === 'closed') {
      const target = keyOf(bundle.target, '');
      const first = Math.min(place.order, this.#unknownMakers.get(target) ?? place.order);
      if (opened.prepared.change.verb === 'undecided') this.#unknownMakers.set(target, first);
      return [opened.prepared];
    }
    const twice = opened.parts.map((part) => this.#twice(part, place));
    opened.parts.forEach((part, i) => {
      if (!twice[i]) this.#add(part, place);
    });
    const planned = opened.parts.map((part, i) => twice[i] ?? this.#planPart(part, place.reach));
    const parts = await Promise.all(planned);
    const own = bundleLine(bundle, opened.parts, this.#view(bundle));
    if (own.out) this.#outs.set(bundle.handle, own.out);
    return [...parts, own];
  }

  // A part waits for what its bundle waited for, and for other parts.
  #planPart(part: CompiledResource, reach: Reach): Promise<Prepared> {
    const planned = readResource(part, reach).then(async (reading) => {
      const others = part.waitsFor
        .filter((handle) => handle !== part.handle)
        .map((handle) => this.#planned.get(handle));
      await Promise.all(others);
      return this.#planOne(part, reading);
    });
    this.#planned.set(
      part.handle,
      planned.then((prepared) => [prepared]),
    );
    return planned;
  }

  #twice(part: CompiledResource, { step }: Place): Prepared | undefined {
    const first = this.#managed.get(keyOf(part.target, part.address));
    if (!first || part.handle.mode !== 'managed') return undefined;
    const declared = { instance: this.#placeOf(first).step.instance, name: first.name };
    const problem = declaredTwice(part.title, declared, { instance: step.instance, name: part.name });
    return line(part, null, 'refused', { problem });
  }

  #view(resource: CompiledResource): View {
    const { reach, order } = this.#placeOf(resource);
    return {
      reach,
      lookup: (of) => this.#outs.get(of),
      isSkipped: (of) => this.#skipped.has(of),
      comesLater: (other) =>
        this.#pendingKeys.has(keyOf(other.target, other.address)) ||
        order > (this.#unknownMakers.get(keyOf(other.target, '')) ?? Number.POSITIVE_INFINITY),
    };
  }

  #placeOf(resource: CompiledResource): Place {
    const place = this.#places.get(resource.handle);
    if (place) return place;
    throw new Error(`${resource.title} belongs to no step of this plan`);
  }

  // What `existing` reads may come out of a bundle of an earlier step.
  #before(resource: CompiledResource): readonly CompiledResource[] {
    const waits = resource.waitsFor.map((handle) => this.#byHandle.get(handle)).filter((other) => other !== undefined);
    if (resource.handle.mode !== 'existing') return waits;
    const { order } = this.#placeOf(resource);
    return [...waits, ...this.#bundles.filter((bundle) => this.#placeOf(bundle).order < order)];
  }

  // What `existing` reads may be made by this step or an earlier one; a later maker can't help it.
  #makerOf(resource: CompiledResource): CompiledResource | undefined {
    if (resource.handle.mode !== 'existing') return undefined;
    const maker = this.#managed.get(keyOf(resource.target, resource.address));
    return maker && this.#placeOf(maker).order <= this.#placeOf(resource).order ? maker : undefined;
  }
}
