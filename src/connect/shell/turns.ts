import { randomBytes } from 'node:crypto';
import type { HostChange, Turn } from '../../model/host.ts';
import { changeParts, concludeChange } from './changes.ts';
import { type Part, type PartsResult, runParts } from './parts.ts';
import { quote, type ShellText } from './quote.ts';
import type { ShellTransport } from './transport.ts';

/** Where the parts of a change stand in the script, and who waits for it. */
interface Place {
  readonly change: HostChange;
  readonly from: number;
  readonly to: number;
  readonly resolve: (turn: Turn) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Carries changes out one after the other in one script; each is told of as soon as it is over, the last one when the whole
 * script is. Between two of them the script stops where somebody asked for it.
 */
export function changeInTurn(
  transport: ShellTransport,
  changes: readonly HostChange[],
  stop?: AbortSignal,
): readonly Promise<Turn>[] {
  const brake = stop && changes.length > 1 ? new Brake(transport, stop) : undefined;
  const parts: Part[] = [];
  const places: Place[] = [];
  let isBroken = false;
  const turns = changes.map((change) => {
    const { promise, resolve, reject } = Promise.withResolvers<Turn>();
    const own = isBroken ? undefined : partsOf(change, reject);
    isBroken ||= own === undefined;
    if (!own) {
      resolve({ is: 'not-begun' });
      return promise;
    }
    if (brake && parts.length > 0) parts.push(brake.part);
    const from = parts.length;
    parts.push(...own);
    places.push({ change, from, to: parts.length, resolve, reject });
    return promise;
  });
  void run(transport, parts, { places, brake });
  return turns;
}

// One that can't be put (a bad path) fails, and nothing after it begins.
function partsOf(change: HostChange, reject: Place['reject']): readonly Part[] | undefined {
  try {
    return changeParts(change);
  } catch (error) {
    reject(error);
    return undefined;
  }
}

async function run(
  transport: ShellTransport,
  parts: readonly Part[],
  { places, brake }: { readonly places: readonly Place[]; readonly brake: Brake | undefined },
): Promise<void> {
  const left = [...places];
  const { results, cut } = await runParts(transport, parts, (sofar) => {
    while (left.length > 1 && (left[0]?.to ?? 0) <= sofar.length) conclude(left.shift(), { results: sofar });
  });
  await brake?.release();
  let isOver = false;
  for (const place of left) {
    // What a lost connection left of those behind it nobody knows.
    if (isOver || (place.from > 0 && place.from >= results.length && cut?.is !== 'gone'))
      place.resolve({ is: 'not-begun' });
    else conclude(place, { results, ...(cut ? { cut } : {}) });
    isOver ||= cut?.is !== 'gone';
  }
}

function conclude(place: Place | undefined, { results, ...rest }: PartsResult): void {
  if (!place) return;
  const { change, from, to, resolve, reject } = place;
  try {
    resolve(concludeChange(change, { results: results.slice(from, to), ...rest }));
  } catch (error) {
    reject(error);
  }
}

/** Stops a script between two changes: it looks for a file, which is made through another shell. */
class Brake {
  readonly part: Part;
  readonly #transport: ShellTransport;
  readonly #file: ShellText;
  readonly #stop: AbortSignal;
  #pulled: Promise<unknown> | undefined;

  constructor(transport: ShellTransport, stop: AbortSignal) {
    this.#transport = transport;
    this.#file = quote(`/tmp/.cairn-stop-${randomBytes(16).toString('hex')}`);
    this.#stop = stop;
    this.part = part(`[ ! -e ${this.#file} ]`, 'failure');
    stop.addEventListener('abort', this.#pull, { once: true });
  }

  /** The script is over. */
  async release(): Promise<void> {
    this.#stop.removeEventListener('abort', this.#pull);
    await this.#pulled;
    if (this.#pulled) await runParts(this.#transport, [part(`rm -f ${this.#file}`)]);
  }

  readonly #pull = (): void => {
    this.#pulled = runParts(this.#transport, [part(`( umask 077; set -C; : >${this.#file} )`)]);
  };
}

function part(body: ShellText, tells: Part['tells'] = 'brief'): Part {
  return { body, tells, seconds: 10, startsPrograms: false, mustSucceed: true };
}
