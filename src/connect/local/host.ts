import { userInfo } from 'node:os';
import type { Answer, Question } from '../../model/host.ts';
import type { Become } from '../../model/project.ts';
import { ShellWriter } from '../shell/host.ts';
import { type RoundTrip, TracedTransport } from '../shell/trace.ts';
import { LocalTransport } from './transport.ts';

/**
 * This machine, as the user that this process runs as or as another one.
 * @param tell called with every round trip
 * @throws CairnError `become-wrong-password`, `become-needs-password` or `become-refused`
 */
export async function openLocalHost(become?: Become, tell?: (trip: RoundTrip) => void): Promise<LocalHost> {
  const transport = new LocalTransport(needsToBecome(become) ? { become } : {});
  await transport.enter();
  return new LocalHost(transport, tell);
}

/** It knows of itself that it is here. */
class LocalHost extends ShellWriter {
  readonly #transport: LocalTransport;

  constructor(transport: LocalTransport, tell?: (trip: RoundTrip) => void) {
    super(tell ? new TracedTransport(transport, tell) : transport);
    this.#transport = transport;
  }

  /** Ends the shells that wait for more. */
  close(): void {
    this.#transport.close();
  }

  override async ask<Q extends Question>(question: Q): Promise<Answer<Q>> {
    const answer = await super.ask(question);
    return question.ask === 'facts'
      ? ({ ...(answer as Answer<{ ask: 'facts' }>), isHere: true as const } as Answer<Q>)
      : answer;
  }
}

/** False for nobody, and for who we are already. */
function needsToBecome(become: Become | undefined): become is Become {
  return become !== undefined && become.user !== userInfo().username;
}
