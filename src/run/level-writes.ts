import { isPending } from '../model/plan.ts';
import { hostWriter } from '../plan/access.ts';
import type { Prepared } from '../plan/prepare.ts';
import type { Place, Writes } from './together.ts';
import { type WriteScope, writeOnce } from './write.ts';

/** How the things of a step are written. */
export function writesOf(scope: WriteScope): Writes<Prepared> {
  const { context, ref, reach, guard } = scope;
  return {
    get host() {
      return hostWriter(reach);
    },
    stop: context.signal,
    write: (prepared, to) => writeOnce(scope, prepared, to),
    tell: ({ resource: { title } }, line) => context.emit({ type: 'progress', ...ref, title, line }),
    // What the host takes back by itself is kept there before each write.
    place: (prepared) => (guard ? alone : placeOf(prepared)),
  };
}

const alone: Place = { joins: false, ends: true };

// What needs no write is passed over; what is waited for, or isn't of the host, holds up what is behind it.
function placeOf({ change, resource: { handle } }: Prepared): Place {
  const joins = isPending(change) && handle.type.on === 'host';
  const isPassedOver = change.verb === 'unchanged' || change.verb === 'skip';
  return { joins, ends: handle.type.ready !== undefined || !(joins || isPassedOver) };
}
