import { json } from '../model/resource.ts';

/** What a bundle is by itself: nothing. It stands for the resources that it expands to. */
export const standIn = {
  codec: json<object>(),
  read: () => Promise.resolve({ is: 'absent' as const }),
  diff: () => ({ changes: [], foreign: [] }),
  write: ({ live }: { readonly live: object | null }) => Promise.resolve({ is: 'written' as const, live }),
  restore: ({ live }: { readonly live: object | null }) => Promise.resolve({ is: 'written' as const, live }),
  compare: () => [],
  out: (live: object) => live,
  loss: () => Promise.resolve({ is: 'none' as const }),
};
