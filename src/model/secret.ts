import { createHmac } from 'node:crypto';

// Every secret of the process, for the redactor. A net must not depend on somebody passing it along.
const known = new Set<string>();

const hidden = '[secret]';

/** A value that never shows itself: it prints as `[secret]` everywhere, and only the engine can reveal it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    known.add(value);
  }

  /** A keyed hash to compare by, 12 hex digits; the only way to let something of a secret out. */
  fingerprint(): string {
    return createHmac('sha256', 'cairn/fingerprint/v1').update(this.#value).digest('hex').slice(0, 12);
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [Symbol.toPrimitive](): never {
    throw new TypeError('a secret was put into plain text: use text`…${secret}…` or derive([secret], fn)');
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return hidden;
  }

  /** @internal Plain text; call `reveal`. */
  static plain(secret: Secret): string {
    return secret.#value;
  }
}

/** The plain text of a secret. For ports and resource types; steps can't import it. */
export function reveal(secret: Secret): string {
  return Secret.plain(secret);
}

/** Plain text of a value that may be a secret. */
export function revealText(value: string | Secret): string {
  return value instanceof Secret ? reveal(value) : value;
}

/** Every secret value made in this process, for the redactor. */
export function knownSecrets(): ReadonlySet<string> {
  return known;
}
