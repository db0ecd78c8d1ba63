import { userInfo } from 'node:os';
import type { HostWriter } from '../../model/host.ts';
import type { Become } from '../../model/project.ts';
import { ShellWriter } from '../shell/host.ts';
import { type RoundTrip, TracedTransport } from '../shell/trace.ts';
import { LocalTransport } from './transport.ts';

/**
 * This machine, as the user that this process runs as or as another one.
 * @param tell called with every round trip
 * @throws CairnError `become-wrong-password`, `become-needs-password` or `become-refused`
 */
export async function openLocalHost(become?: Become, tell?: (trip: RoundTrip) => void): Promise<HostWriter> {
  const transport = new LocalTransport(needsToBecome(become) ? { become } : {});
  await transport.enter();
  return new ShellWriter(tell ? new TracedTransport(transport, tell) : transport);
}

/** False for nobody, and for who we are already. */
function needsToBecome(become: Become | undefined): become is Become {
  return become !== undefined && become.user !== userInfo().username;
}
