import { randomBytes } from 'node:crypto';
import { CairnError, type Diagnostic, problem } from '../../../model/diagnostic.ts';
import type { Become } from '../../../model/project.ts';
import { redact } from '../../../model/redact.ts';
import { reveal } from '../../../model/secret.ts';
import { becomeArgv, isPrompt, type Marks } from './command.ts';

/** Milliseconds until somebody must have been let in: directories behind PAM may take half a minute. */
const patience = 60_000;
/** Last lines of what the program said that go into a refusal. */
const linesShown = 5;

/**
 * The talk with sudo, su or doas until the shell behind it is there. A password is given once, when it is asked for:
 * a second question means that it was wrong, and trying again locks accounts.
 */
export class Entrance {
  readonly argv: readonly [string, ...string[]];
  /** Rejects with a CairnError: `become-wrong-password`, `become-needs-password`, `become-refused`. */
  readonly entered: Promise<void>;
  readonly #become: Become;
  readonly #marks: Marks;
  readonly #send: (text: string) => void;
  readonly #timer: NodeJS.Timeout;
  #open: () => void = () => undefined;
  #refuse: (error: CairnError) => void = () => undefined;
  #out = '';
  #said = '';
  #hasAnswered = false;
  isOver = false;

  /** @param send takes bytes, one a character */
  constructor(become: Become, shell: readonly [string, ...string[]], send: (text: string) => void) {
    const unique = randomBytes(12).toString('hex');
    this.#become = become;
    this.#marks = { prompt: `cairn asks ${unique}`, entered: `cairn entered ${unique}` };
    this.#send = send;
    this.argv = becomeArgv(become, this.#marks, shell);
    this.entered = new Promise((resolve, reject) => {
      this.#open = resolve;
      this.#refuse = reject;
    });
    // Who doesn't wait for it learns it from the shell being gone.
    this.entered.catch(() => undefined);
    this.#timer = setTimeout(() => this.#fail(this.#refused(`no answer within ${patience / 1000} s`)), patience);
    this.#timer.unref();
  }

  stdout(chunk: Buffer): void {
    this.#out += chunk.toString('latin1');
    if (this.#out.includes(`${this.#marks.entered}\n`)) this.#end(this.#open);
  }

  stderr(chunk: Buffer): void {
    this.#said += chunk.toString('utf8');
    if (this.isOver || !isPrompt(this.#become, this.#marks, this.#said)) return;
    const { password } = this.#become;
    if (!password) this.#fail(this.#needsPassword());
    else if (this.#hasAnswered) this.#fail(this.#wrong());
    else this.#answer(reveal(password));
  }

  /** The program has ended. */
  closed(why: string | undefined): void {
    if (/password is required|authentication required/i.test(this.#said)) this.#fail(this.#needsPassword());
    else if (this.#hasAnswered && /incorrect password|authentication fail/i.test(this.#said)) this.#fail(this.#wrong());
    else this.#fail(this.#refused(why));
  }

  #answer(password: string): void {
    this.#hasAnswered = true;
    this.#said = '';
    this.#send(Buffer.from(`${password}\n`, 'utf8').toString('latin1'));
  }

  #fail(why: Diagnostic): void {
    this.#end(() => this.#refuse(new CairnError(why)));
  }

  #end(then: () => void): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.#timer);
    then();
  }

  #needsPassword(): Diagnostic {
    const { method, user } = this.#become;
    return problem('become-needs-password', `${method} asks for a password to become ${user}, and none is given`, {
      help: 'say --ask-become-password (-K), or ansible_become_password: !secret … in the inventory',
    });
  }

  #wrong(): Diagnostic {
    const { method, user } = this.#become;
    return problem('become-wrong-password', `${method} did not take the password to become ${user}`, {
      detail: this.#lines(),
      help: 'it was tried once, and is not tried again: accounts lock; give the right one and run again',
    });
  }

  #refused(why: string | undefined): Diagnostic {
    const { method, user } = this.#become;
    const lines = this.#lines();
    return problem('become-refused', `${method} did not let us become ${user}`, {
      detail: lines.length === 0 && why !== undefined ? [why] : lines,
      help: `try it by hand: ${method === 'su' ? `su ${user}` : `${method} -u ${user} sh`}`,
    });
  }

  #lines(): readonly string[] {
    const plain = this.#said.replaceAll(this.#marks.prompt, '');
    const lines = redact(plain)
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '');
    return lines.slice(-linesShown);
  }
}
