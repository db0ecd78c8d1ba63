import type { Event } from '../../model/event.ts';
import type { Out, Sink } from './sink.ts';
import { redactingWriter } from './writer.ts';

/** Raised when a field changes its meaning or goes away; new fields and new types of event don't raise it. */
const streamVersion = 1;

/** A JSON object a line: `{"v":1,"at":"…","type":"step-started",…}`. */
export function jsonlSink(out: Out, now: () => Date): Sink {
  const writer = redactingWriter(out);
  return {
    emit: (event) => writer.line(eventJson(event, now())),
    close: async () => writer.flush(),
  };
}

function eventJson(event: Event, at: Date): string {
  return JSON.stringify({ v: streamVersion, at: at.toISOString(), ...event });
}
