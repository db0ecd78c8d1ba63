/** What was seen while a type that takes a secret did its work. */
export interface SecretRow {
  readonly type: string;
  readonly outcome: string;
  /** Processes whose arguments and environment were looked at. */
  readonly processes: number;
  /** How often all of them were, in so many milliseconds. */
  readonly rounds: number;
  readonly ms: number;
  /** Times that a secret stood where it should not. */
  readonly wrong: number;
  /** Variables from which a program of the user takes its secret. */
  readonly meant: readonly string[];
}

/** The page of docs/proof about secrets and processes. */
export function secretsPage(rows: readonly SecretRow[]): string {
  const sum = (of: (row: SecretRow) => number): number => rows.reduce((all, row) => all + of(row), 0);
  const day = new Date().toISOString().slice(0, 10);
  return [
    '# Secrets and processes',
    '',
    `\`npm run proof -- test/proof/secrets.test.ts\`, ${day}; \`test/proof/secrets.test.ts\` wrote this page.`,
    '',
    `Each type that takes a secret does its work on a host behind sshd and sudo, both with a password, and is undone; then it fails at it, on a full disk, at a`,
    'locked account, by a status or by a server that refuses, and is undone. Meanwhile `/proc/*/cmdline` and `/proc/*/environ` of every process that descends from',
    "the test are read: Cairn's own, those of sshd and sudo, and everything on the host.",
    '',
    `**${sum(({ wrong }) => wrong)} sightings** of a secret, in plain or as base64, in ${sum(({ processes }) => processes)} processes, looked at ${sum(({ rounds }) => rounds)} times, ${(sum(({ rounds }) => rounds) / (sum(({ ms }) => ms) / 1000)).toFixed(0)} times a second. Nothing remains in files either, and nothing is`,
    'said on a screen, with `-v`.',
    '',
    '| secret of | | processes | looks | looks a second | sightings | where its program takes it from |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(
      ({ type, outcome, processes, rounds, ms, wrong, meant }) =>
        `| ${type} | ${outcome} | ${processes} | ${rounds} | ${(rounds / (ms / 1000)).toFixed(0)} | ${wrong} | ${meant.map((name) => `\`${name}\``).join(' ')} |`,
    ),
    '',
    'Not counted, since there is no other way: the variable in which Cairn itself was given a secret (`!secret env:`), and those of the last column, which a',
    "program of the user, git and pip take it from; they are that program's own, and only its user and root can read them.",
    '',
  ].join('\n');
}
