import type { Event } from '../../model/event.ts';
import { nothingElse } from '../again.ts';
import { ending } from './ending.ts';
import { eventLines } from './event-lines.ts';
import { Progress } from './progress.ts';
import type { Out, Sink } from './sink.ts';
import { redactingWriter } from './writer.ts';

/** Everything that happened, with the time before each line: what `cairn history RUN --log` shows later. */
export function logSink(out: Out, now: () => Date): Sink {
  const writer = redactingWriter(out);
  const progress = new Progress();
  const options = { color: false, verbose: true, width: Number.POSITIVE_INFINITY, isLogged: false, again: nothingElse };
  return {
    emit: (event: Event) => {
      const at = now();
      progress.apply(event, at.getTime());
      const lines =
        event.type === 'run-finished' ? endLines(event) : eventLines(event, { ...options, started: progress.started });
      for (const line of lines) writer.line(`${at.toISOString()} ${line}`.trimEnd());
    },
    close: async () => writer.flush(),
  };

  function endLines(event: Extract<Event, { type: 'run-finished' }>): readonly string[] {
    const { out: recap, err: page } = ending(event, progress, options);
    return [recap, page].filter((text) => text !== '').flatMap((text) => text.trim().split('\n'));
  }
}
