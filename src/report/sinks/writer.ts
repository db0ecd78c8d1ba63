import { redact } from '../../model/redact.ts';
import { foldWide } from '../fold.ts';
import type { Out } from './sink.ts';

/** The one way out of every sink. */
export interface LineWriter extends Out {
  /** Writes text and ends its line. */
  line(text: string): void;
  /** Writes what is still held back: a last line without its end. */
  flush(): void;
}

/**
 * Lets only whole lines through, without known secrets: one that comes in two chunks is still found.
 * @param width columns of the terminal that shows them
 */
export function redactingWriter(out: Out, width = Number.POSITIVE_INFINITY): LineWriter {
  let held = '';
  const write = (text: string) => {
    const end = text.lastIndexOf('\n') + 1;
    if (end === 0) {
      held += text;
      return;
    }
    out.write(foldWide(redact(held + text.slice(0, end)), width));
    held = text.slice(end);
  };
  const flush = () => {
    if (held !== '') out.write(foldWide(redact(held), width));
    held = '';
  };
  return { write, flush, line: (text) => write(`${text}\n`) };
}
