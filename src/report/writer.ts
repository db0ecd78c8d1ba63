import { redact } from '../model/redact.ts';
import type { Out } from './sink.ts';

/** The one way out of every sink. */
export interface LineWriter extends Out {
  /** Writes text and ends its line. */
  line(text: string): void;
  /** Writes what is still held back: a last line without its end. */
  flush(): void;
}

/** Lets only whole lines through, without known secrets: one that comes in two chunks is still found. */
export function redactingWriter(out: Out): LineWriter {
  let held = '';
  const write = (text: string) => {
    const end = text.lastIndexOf('\n') + 1;
    if (end === 0) {
      held += text;
      return;
    }
    out.write(redact(held + text.slice(0, end)));
    held = text.slice(end);
  };
  const flush = () => {
    if (held !== '') out.write(redact(held));
    held = '';
  };
  return { write, flush, line: (text) => write(`${text}\n`) };
}
