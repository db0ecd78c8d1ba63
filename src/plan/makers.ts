import { type CompiledResource, keyOf } from './compile.ts';

/** What a plan's steps make, by where it is. */
export class Makers {
  readonly #byKey = new Map<string, CompiledResource>();
  readonly #byAddress = new Map<string, CompiledResource[]>();

  constructor(resources: readonly CompiledResource[] = []) {
    for (const resource of resources) this.add(resource);
  }

  add(resource: CompiledResource): void {
    if (resource.handle.mode !== 'managed') return;
    this.#byKey.set(keyOf(resource.target, resource.address), resource);
    const alike = this.#byAddress.get(resource.address) ?? [];
    alike.push(resource);
    this.#byAddress.set(resource.address, alike);
  }

  /** What is made at the same place. */
  at({ target, address }: CompiledResource): CompiledResource | undefined {
    return this.#byKey.get(keyOf(target, address));
  }

  /** What makes the things that an `existing` looks at: its own, and whatever else its type reads on any target. */
  of(resource: CompiledResource): readonly CompiledResource[] {
    const { mode, type, id } = resource.handle;
    if (mode !== 'existing') return [];
    const own = this.at(resource);
    const looked = (type.reads?.(id) ?? []).flatMap((address) => this.#byAddress.get(address) ?? []);
    return own ? [own, ...looked] : looked;
  }
}
