import type { FieldChange } from './resource.ts';

/** What starts anew when something else changes. Pure. */
export interface Restarts<Id, Live> {
  /** True when a change of another thing on the same target, by its id, makes this one start anew. */
  follows(id: Id, live: Live, other: unknown): boolean;
  /** Why it must start anew as it stands; empty when it need not. */
  due(live: Live): readonly FieldChange[];
}
