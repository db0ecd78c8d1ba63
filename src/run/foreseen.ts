import { createHash } from 'node:crypto';
import type { HostChange, Operation, PathState, Question } from '../model/host.ts';
import { Secret } from '../model/secret.ts';

interface Left {
  readonly state: PathState | null;
  readonly content?: Uint8Array | null;
}

/** What changes that were not sent yet will leave at their paths. A guess: whoever writes by it compares it with the host. */
export class Foreseen {
  readonly #paths = new Map<string, Left>();

  add({ operations, isWhole }: HostChange): void {
    if (isWhole) for (const operation of operations) this.#after(operation);
    else this.#paths.clear();
  }

  /** Undefined where nothing is foreseen. */
  answer(question: Question): { readonly answer: unknown } | undefined {
    const left = 'path' in question ? this.#paths.get(question.path) : undefined;
    if (!left) return undefined;
    if (question.ask === 'stat') return { answer: left.state };
    if (left.content === undefined) return undefined;
    if (question.ask === 'content') return { answer: within(left.content, question.limit) };
    if (question.ask === 'sha256') return { answer: left.content && sumOf(left.content) };
    return undefined;
  }

  #after(operation: Operation): void {
    switch (operation.do) {
      case 'put-file':
        this.#put(operation);
        break;
      case 'remove':
        this.#paths.set(operation.path, { state: null, content: null });
        break;
      case 'keep-copy':
        break;
      case 'make-directory':
      case 'make-link':
      case 'put-copy':
      case 'set-attributes':
        this.#paths.delete(operation.path);
        break;
      default:
        this.#paths.clear();
    }
  }

  #put({ path, content, mode, owner, group }: Extract<Operation, { do: 'put-file' }>): void {
    if (content instanceof Secret) {
      this.#paths.delete(path);
      return;
    }
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    const state = { kind: 'file', mode: mode.padStart(4, '0'), owner, group, size: bytes.length } as const;
    this.#paths.set(path, { state, content: bytes });
  }
}

function within(content: Uint8Array | null, limit = Number.POSITIVE_INFINITY): Uint8Array | null {
  return content && content.length > limit ? null : content;
}

function sumOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
