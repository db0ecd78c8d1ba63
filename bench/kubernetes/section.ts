/** Seconds of one contender for 100 objects. */
export interface Row {
  readonly name: string;
  readonly rounds: number;
  readonly first: number;
  readonly rerun: number;
  /** Of everything, before anything is there. */
  readonly plan?: number;
}

interface Cost {
  readonly seconds: number;
  readonly mebibytes: number;
}

export interface Size {
  readonly count: number;
  readonly first: Cost;
  readonly rerun: Cost;
}

/** How an apply through a storm of refusals went. */
export interface Weathered {
  readonly seconds: number;
  readonly refused: number;
  readonly hasty: number;
}

export interface Figures {
  readonly machine: string;
  /** Cairn's first. */
  readonly rows: readonly Row[];
  readonly sizes?: readonly Size[];
  readonly storm?: Weathered;
}

/** The figures as Markdown tables; behind each time, how many times Cairn's it is. */
export function sectionOf({ machine, rows, sizes, storm }: Figures): string {
  const ours = rows[0];
  if (!ours) throw new Error('nobody took part');
  return [
    machine,
    '',
    '| who | rounds | plan | first apply | rerun, nothing changed |',
    '|---|---|---|---|---|',
    ...rows.map((row) => {
      const cells = (['plan', 'first', 'rerun'] as const).map((what) => beside(row[what], ours[what]));
      return `| ${[row.name, row.rounds, ...cells].join(' | ')} |`;
    }),
    ...(sizes ? ['', ...sizesTable(sizes)] : []),
    ...(storm ? ['', stormLine(storm)] : []),
  ].join('\n');
}

function beside(value: number | undefined, ours: number | undefined): string {
  if (value === undefined) return '';
  const text = `${value.toFixed(2)} s`;
  return ours === undefined || value === ours ? text : `${text} (${(value / ours).toFixed(1)} ×)`;
}

function sizesTable(sizes: readonly Size[]): readonly string[] {
  const cells = ({ seconds, mebibytes }: Cost): readonly string[] => [
    `${seconds.toFixed(1)} s`,
    `${Math.round(mebibytes)} MiB`,
  ];
  return [
    '| objects | first apply | resident at most | rerun | resident at most |',
    '|---|---|---|---|---|',
    ...sizes.map(
      ({ count, first, rerun }) => `| ${[count.toLocaleString('en'), ...cells(first), ...cells(rerun)].join(' | ')} |`,
    ),
  ];
}

function stormLine({ seconds, refused, hasty }: Weathered): string {
  return `A storm of 429: every request refused twice with \`Retry-After: 1\`, ${refused} refusals in all; 100 objects applied in ${seconds.toFixed(1)} s, 0 failed, ${hasty} requests came before their time.`;
}
