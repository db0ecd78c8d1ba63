import { json, type ResourceType } from '../../model/resource.ts';

type Looking = ResourceType<'world', never, object, object, object>;

/** What types share that only look at the world: there is nothing to change, to give back or to lose. */
export const looking: Pick<Looking, 'version' | 'on' | 'codec' | 'diff' | 'write' | 'restore' | 'compare' | 'loss'> = {
  version: 1,
  on: 'world',
  codec: json<object>(),
  diff: () => ({ changes: [], foreign: [] }),
  write: ({ live }) => Promise.resolve({ is: 'written', live }),
  restore: ({ live }) => Promise.resolve({ is: 'written', live }),
  compare: () => [],
  loss: () => Promise.resolve({ is: 'none' }),
};
