import type { KubeObject, ObjectRef } from '../../model/kube.ts';
import type { ServedKind } from './discovery.ts';
import { collectionOf } from './paths.ts';

/** Objects that one list answers for less than as many reads do. */
const fewest = 8;

/** A list may bring this many objects for each that is wanted; what it doesn't reach is read one by one. */
const slack = 2;

/** What is asked of the server. */
export interface Asking {
  one(ref: ObjectRef, kind: ServedKind): Promise<KubeObject | null>;
  /** At most so many objects of a collection; null where it can't be listed, or mustn't. */
  many(kind: ServedKind, namespace: string | undefined, most: number): Promise<Listed | null>;
}

export interface Listed {
  readonly objects: readonly KubeObject[];
  /** True when there is nothing more in the collection. */
  readonly whole: boolean;
}

interface Wish {
  readonly ref: ObjectRef;
  readonly kind: ServedKind;
  readonly resolve: (object: Promise<KubeObject | null> | KubeObject | null) => void;
  readonly reject: (error: unknown) => void;
}

/** Reads single objects; those of one collection that are asked for in the same moment come by one list where it pays. */
export class Gathering {
  readonly #asking: Asking;
  readonly #wishes = new Map<string, Wish[]>();
  readonly #unlistable = new Set<string>();

  constructor(asking: Asking) {
    this.#asking = asking;
  }

  get(ref: ObjectRef, kind: ServedKind): Promise<KubeObject | null> {
    const collection = collectionOf(kind, ref.namespace);
    if (!mayList(kind, ref) || this.#unlistable.has(collection)) return this.#asking.one(ref, kind);
    return new Promise((resolve, reject) => {
      const wishes = this.#wishes.get(collection) ?? [];
      if (wishes.length === 0) {
        this.#wishes.set(collection, wishes);
        setImmediate(() => void this.#answer(collection));
      }
      wishes.push({ ref, kind, resolve, reject });
    });
  }

  async #answer(collection: string): Promise<void> {
    const wishes = this.#wishes.get(collection) ?? [];
    this.#wishes.delete(collection);
    try {
      const listed = await this.#listed(collection, wishes);
      for (const { ref, kind, resolve } of wishes) {
        const object = listed?.found.get(ref.name);
        if (object) resolve(object);
        else resolve(listed?.whole ? null : this.#asking.one(ref, kind));
      }
    } catch (error) {
      for (const { reject } of wishes) reject(error);
    }
  }

  async #listed(collection: string, wishes: readonly Wish[]): Promise<{ found: Found; whole: boolean } | null> {
    const [first] = wishes;
    if (!first || wishes.length < fewest) return null;
    const { kind, ref } = first;
    const listed = await this.#asking.many(kind, ref.namespace, wishes.length * slack);
    if (!listed) {
      this.#unlistable.add(collection);
      return null;
    }
    return { found: new Map(listed.objects.map((object) => [object.metadata.name, object])), whole: listed.whole };
  }
}

type Found = ReadonlyMap<string, KubeObject>;

// Other people's secrets are not fetched on the side; a namespace that is left out would mean all of them.
function mayList({ kind, apiVersion, verbs, namespaced }: ServedKind, { namespace }: ObjectRef): boolean {
  const isSecret = kind === 'Secret' && apiVersion === 'v1';
  return verbs.includes('list') && !isSecret && !(namespaced && namespace === undefined);
}
