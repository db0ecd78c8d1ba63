/** How one killed run went on. */
export interface KillRow {
  /** Part of a first run's time after which it was killed. */
  readonly part: number;
  readonly run: string;
  /** Things made by then. */
  readonly made: number;
  readonly resumeMs: number;
  readonly code: number;
  /** What differs from where a run that nobody kills ends. */
  readonly end: readonly string[];
  /** What happened not at all, or more than once. */
  readonly twice: readonly string[];
  /** Processes and sessions that were left behind. */
  readonly left: readonly string[];
  /** What undo did not give back. */
  readonly undone: readonly string[];
}

export interface Proved {
  /** Milliseconds of a first run. */
  readonly firstMs: number;
  /** Changes made by hand. */
  readonly drifts: number;
  readonly rows: readonly KillRow[];
}

/** The page of docs/proof about the example on three hosts. */
export function hostsPage(of: Proved): string {
  const half = of.rows.find(({ part }) => part >= 0.5);
  const day = new Date().toISOString().slice(0, 10);
  return [
    '# Three hosts',
    '',
    `\`npm run proof -- test/proof/hosts.test.ts\`, ${day}: [the example](../../examples/three-hosts/README.md), 23 steps, on three machines with Debian 12,`,
    'systemd, sshd, an address, processes and mounts of their own.',
    '',
    '- The second run changes nothing: inode, mtime and ctime of every path on every host are as the first one left them.',
    `- ${of.drifts} changes made by hand, one of nearly every type, are named exactly, each on its host, and taken back.`,
    '- Undo gives back bytes, modes, owners, links and absence of all paths, and packages, accounts, jobs, units, mounts and kernel parameters in normal form.',
    '  What stays by design: the home of a removed user, and the settings of a removed package.',
    '',
    '## kill -9',
    '',
    `A first run takes ${seconds(of.firstMs)}. It is killed after that part of it, gone on with by \`cairn up --run\`, and undone. *End*: every path is as a run leaves it that`,
    'nobody kills. *Once*: the package was installed once on each host. *Nothing left*: no temporary file, process or session, once what a host was at has ended (20 s at most).',
    '',
    '| killed after | made by then | goes on in | end | once | nothing left | undone |',
    '|---|---|---|---|---|---|---|',
    ...of.rows.map(
      (row) =>
        `| ${row.part.toFixed(2)} | ${row.made} | ${seconds(row.resumeMs)} | ${yes(row.code === 0 && row.end.length === 0)} | ${yes(row.twice.length === 0)} | ${yes(row.left.length === 0)} | ${yes(row.undone.length === 0)} |`,
    ),
    '',
    ...(half === undefined
      ? []
      : [`Going on half way (${half.made} made) costs ${(half.resumeMs / of.firstMs).toFixed(2)} of a first run.`, '']),
    'On three hosts in memory it is killed at each of its journal records: `test/proof/generated.test.ts`.',
    '',
  ].join('\n');
}

function yes(claim: boolean): string {
  return claim ? 'yes' : '**no**';
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
