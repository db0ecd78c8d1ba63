import { CairnError, problem } from '../../model/diagnostic.ts';
import { asFields, textOf } from './json.ts';
import type { Access } from './kubeconfig.ts';
import type { Reply } from './reply.ts';
import { type Line, NotSent } from './transport.ts';

/** What a cluster is known by: its UID. */
export const identityPath = '/api/v1/namespaces/kube-system';

/** What became of the question which cluster a connection leads to: null when it is the one that is meant. */
export type Doubt = Reply | Error | null;

/** Sees to it that every connection leads to the cluster that the first one led to: behind an address may be another one by now. */
export class SameCluster {
  readonly #access: Access;
  readonly #checks = new WeakMap<Line, Promise<Doubt>>();
  #uid: string | undefined;

  constructor(access: Access) {
    this.#access = access;
  }

  /** @param answer to `identityPath`; the first one says which cluster is meant */
  learn(line: Line, answer: Reply | Error): void {
    if (this.#uid !== undefined || answer instanceof Error) return;
    this.#uid = uidIn(answer);
    if (this.#uid !== undefined) this.#checks.set(line, Promise.resolve(null));
  }

  /**
   * Asks once for each connection, before anything else is sent on it; nothing as long as no cluster is meant.
   * @param ask gets `identityPath`
   */
  check(line: Line, ask: () => Promise<Reply | Error>): Promise<Doubt> | null {
    if (this.#uid === undefined) return null;
    const known = this.#checks.get(line);
    if (known) return known;
    const check = ask().then((answer) => this.#judge(answer));
    this.#checks.set(line, check);
    // What isn't known is asked again.
    void check.then((doubt) => doubt === null || doubt instanceof CairnError || this.#checks.delete(line));
    return check;
  }

  // Busy and unauthorized are dealt with as if the request itself had met them: it wasn't sent.
  #judge(answer: Reply | Error): Doubt {
    if (answer instanceof CairnError) return answer;
    if (answer instanceof Error) return new NotSent(answer.message, { cause: answer });
    const found = uidIn(answer);
    if (found === this.#uid) return null;
    if (found !== undefined || answer.status === 404) return this.#anotherCluster(found);
    const isFault = answer.status >= 500 && answer.status !== 503;
    return isFault ? new NotSent(`HTTP ${answer.status} to the question which cluster it is`) : answer;
  }

  #anotherCluster(found: string | undefined): CairnError {
    const { context, kubeconfig } = this.#access;
    return new CairnError(
      problem(
        'wrong-cluster',
        `the connection broke, and context ${context} of ${kubeconfig} leads to another cluster now`,
        {
          detail: [
            `expected the UID ${this.#uid} of namespace kube-system, as before`,
            found === undefined ? 'found no namespace kube-system' : `found ${found}`,
          ],
          help: 'nothing more was sent; let the context lead to the right cluster again, then go on',
        },
      ),
    );
  }
}

function uidIn({ status, json }: Reply): string | undefined {
  return status === 200 ? textOf(asFields(asFields(json).metadata).uid) || undefined : undefined;
}
