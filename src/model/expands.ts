import type { Diagnostic } from './diagnostic.ts';
import type { Resource } from './resource.ts';
import type { Means, Tools } from './tools.ts';

/** What a type says that stands for other resources: a bundle. */
export interface Expands<Id, Want> {
  /**
   * The resources that it stands for. Asked while planning, once all of `want` is known; each of them is then
   * planned, written, waited for and undone like any other.
   * @throws CairnError with everything that is wrong with its source; `needs-cluster` when it must ask one that isn't there yet
   */
  expand?(id: Id, want: Want, means: Means): Promise<readonly Resource<unknown>[]>;
  /** What it stands for is what it finds on its target, so it is opened once nothing before it changes that. */
  readonly looks?: true;
  /** Where it looks: true for what it stood for once and no longer finds, since it dealt with it. Pure. */
  covers?(id: Id, other: { readonly type: string; readonly id: unknown }): boolean;
  /** What is wrong with the source of a bundle, as far as that can be said without a cluster: lint asks. */
  inspect?(id: Id, tools: Tools): Promise<readonly Diagnostic[]>;
}
