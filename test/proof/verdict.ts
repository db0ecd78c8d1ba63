import { cairnWhenFree } from './wreck.ts';

/** How a failed check came to know: by comparing what is there with what is declared, or by trying it out. */
type Layer = 'declared' | 'behaviour';

export interface Finding {
  readonly step: string;
  readonly layer: Layer;
  /** The check's own words. */
  readonly check: string;
  readonly why: string;
}

export interface Verdict {
  readonly code: number;
  readonly findings: readonly Finding[];
  /** Checks that passed. */
  readonly passed: number;
  readonly said: string;
  /** Milliseconds. */
  readonly ms: number;
}

interface Ended {
  readonly type: string;
  readonly step: string;
  readonly what: string;
  readonly result: string;
  readonly why?: readonly { readonly code: string; readonly summary: string }[];
}

/** What `cairn verify` says of a playbook, or of some of its steps, with variables as `--set` takes them. */
export async function verdict(playbook: string, steps?: string, set: readonly string[] = []): Promise<Verdict> {
  const only = steps === undefined ? [] : ['--only', steps];
  const values = set.flatMap((one) => ['--set', one]);
  const { code, stdout, said, ms } = await cairnWhenFree('verify', playbook, '--json', ...only, ...values);
  const ended = stdout
    .split('\n')
    .filter((line) => line.includes('"check-finished"'))
    .map((line) => JSON.parse(line) as Ended)
    .filter(({ type }) => type === 'check-finished');
  const findings = ended.filter(({ result }) => result === 'failed').map(findingOf);
  return { code, findings, passed: ended.filter(({ result }) => result === 'passed').length, said, ms };
}

function findingOf({ step, what, why = [] }: Ended): Finding {
  const [first] = why;
  const layer = /^(what is|all \d+) declared/.test(what) ? 'declared' : 'behaviour';
  return { step, layer, check: what, why: first?.summary ?? '' };
}
