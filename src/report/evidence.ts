import type { Event } from '../model/event.ts';
import { clean } from './measure.ts';
import type { Out, Sink } from './sinks/sink.ts';
import { redactingWriter } from './sinks/writer.ts';

/** Writes down what is kept of resources that failed. The file is opened with the first of it. */
export function evidenceSink(open: () => Out, now: () => Date): Sink {
  let out: ReturnType<typeof redactingWriter> | undefined;
  return {
    emit: (event: Event) => {
      if (event.type !== 'evidence') return;
      out ??= redactingWriter(open());
      out.line(`# ${event.title} of ${event.step} on ${event.target}, ${now().toISOString()}`);
      for (const { title, lines } of event.evidence) {
        out.line(`\n## ${clean(title)}\n`);
        for (const line of lines) out.line(clean(line));
      }
      out.line('');
    },
    close: async () => out?.flush(),
  };
}
