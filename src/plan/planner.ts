import type { Connections } from '../model/connections.ts';
import { isPending } from '../model/plan.ts';
import type { AnyHandle, Reading } from '../model/resource.ts';
import type { Reach } from './access.ts';
import { bundleLine, openBundle, undecided } from './bundle.ts';
import { type CompiledResource, type CompiledStep, keyOf } from './compile.ts';
import { declaredTwice } from './compile-problems.ts';
import { declaredOn, mayFill } from './declared.ts';
import { Makers } from './makers.ts';
import { line, type Prepared, prepare, readResource, type View } from './prepare.ts';

/** Where a resource belongs. */
interface Place {
  readonly step: CompiledStep;
  readonly reach: Reach;
  /** Of its step in the run. */
  readonly order: number;
}

export type Readings = ReadonlyMap<AnyHandle, Reading<unknown> | null>;

export interface PlannerMeans {
  readonly tools: Connections['tools'];
  readonly readings: Readings;
  /** What else the project declares. */
  readonly besides?: readonly CompiledStep[] | undefined;
}

/** Plans each resource once, after those it waits for; independent ones side by side. Bundles are opened on the way. */
export class Planner {
  readonly #tools: Connections['tools'];
  readonly #readings: Readings;
  readonly #places = new Map<AnyHandle, Place>();
  readonly #byHandle = new Map<AnyHandle, CompiledResource>();
  readonly #makers = new Makers();
  readonly #bundles: CompiledResource[] = [];
  readonly #planned = new Map<AnyHandle, Promise<readonly Prepared[]>>();
  readonly #outs = new Map<AnyHandle, { readonly out: unknown }>();
  readonly #pendingKeys = new Set<string>();
  readonly #skipped = new Set<AnyHandle>();
  readonly #opened = new Set<AnyHandle>();
  readonly #besides: readonly CompiledResource[];
  /** Targets for which an earlier step has a bundle that can't be opened yet: who knows what it will make. */
  readonly #unknownMakers = new Map<string, number>();

  constructor(
    compiled: readonly CompiledStep[],
    reaches: readonly Reach[],
    { tools, readings, besides = [] }: PlannerMeans,
  ) {
    this.#besides = besides.flatMap((step) => step.resources);
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
    this.#makers.add(resource);
    if (resource.handle.mode === 'bundle') this.#bundles.push(resource);
  }

  async #plan(resource: CompiledResource): Promise<readonly Prepared[]> {
    await Promise.all(this.#before(resource).map((other) => this.plan(other)));
    await Promise.all(this.#makersOf(resource).map((maker) => this.plan(maker)));
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
    const by = await this.#changerOf(bundle);
    const found = this.#withDeclared(bundle);
    const opened = by
      ? ({ is: 'closed', prepared: undecided(found, `after ${by}`) } as const)
      : await openBundle(found, this.#view(bundle), this.#tools);
    if (opened.is === 'closed') {
      const target = keyOf(bundle.target, '');
      const first = Math.min(place.order, this.#unknownMakers.get(target) ?? place.order);
      if (opened.prepared.change.verb === 'undecided' && !bundle.handle.type.looks)
        this.#unknownMakers.set(target, first);
      return [opened.prepared];
    }
    this.#opened.add(bundle.handle);
    const twice = opened.parts.map((part) => this.#twice(part, place));
    opened.parts.forEach((part, i) => {
      if (!twice[i]) this.#add(part, place);
    });
    const planned = opened.parts.map((part, i) => twice[i] ?? this.#planPart(part, place.reach));
    const parts = await Promise.all(planned);
    const own = bundleLine(found, opened.parts, this.#view(bundle));
    if (own.out) this.#outs.set(bundle.handle, own.out);
    return [...parts, own];
  }

  // What a bundle finds on its host must be what it will find there when it is its turn.
  async #changerOf(bundle: CompiledResource): Promise<string | undefined> {
    if (!bundle.handle.type.looks) return undefined;
    for (const other of this.#earlier(bundle)) {
      const lines = await this.plan(other);
      const by = lines.find(({ resource, change }) => isPending(change) && mayFill(resource, bundle));
      if (by) return by.change.title;
    }
    return undefined;
  }

  #earlier(bundle: CompiledResource): readonly CompiledResource[] {
    const { order, step } = this.#placeOf(bundle);
    const steps = [...new Map([...this.#places.values()].map((place) => [place.order, place.step]))];
    const before = steps.filter(([other]) => other < order).flatMap(([, { resources }]) => resources);
    const own = step.resources.slice(
      0,
      step.resources.findIndex(({ handle }) => handle === bundle.handle),
    );
    return [...before, ...own].filter(({ target }) => keyOf(target, '') === keyOf(bundle.target, ''));
  }

  #withDeclared(bundle: CompiledResource): CompiledResource {
    if (!bundle.handle.type.looks) return bundle;
    const known = [...this.#byHandle.values()].filter(({ handle }) => !this.#opened.has(handle));
    return { ...bundle, declared: declaredOn(bundle.target, [...known, ...this.#besides]) };
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
    const first = this.#makers.at(part);
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
        this.#makersOf(other).some((maker) => this.#pendingKeys.has(keyOf(maker.target, maker.address))) ||
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
  #makersOf(resource: CompiledResource): readonly CompiledResource[] {
    const { order } = this.#placeOf(resource);
    return this.#makers.of(resource).filter((maker) => this.#placeOf(maker).order <= order);
  }
}
