import { role, secret, T } from '@cairnhq/cairn';

/** What all hosts have in common. */
export const fleet = role(import.meta, {
  operator: T.Object({ name: T.String(), key: T.String(), passwordHash: secret() }),
  /** Names of other hosts, and their addresses. */
  names: T.Record(T.String(), T.String()),
  /** A repository of one's own packages; `key` is the text of its `.asc` file. */
  repository: T.Object({ uri: T.String(), suites: T.Array(T.String()), key: T.String() }),
});
