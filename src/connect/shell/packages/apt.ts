import { quote, quoteAll } from '../quote.ts';
import type { PackageManager } from './manager.ts';

/** apt of Debian and its kin. */
export const apt: PackageManager = {
  packages: 'packages',
  package: (name) => `package ${quote(name)}`,
  plan: ({ install, remove, autoremove }) =>
    `apt -s ${autoremove ? '--autoremove ' : ''}install -- ${quoteAll([...install, ...remove.map((name) => `${name}-`)])}`,
  // Lists of packages may be old or missing: they are fetched when the first try fails.
  install: (names) => {
    // A name with an older version is a wish for that one, or gives it back: apt refuses it otherwise.
    const install = `apt -y --allow-downgrades install -- ${quoteAll(names)}`;
    return `${install} || { aptUpdate && ${install}; }`;
  },
  remove: (names) => `apt -y remove -- ${quoteAll(names)}`,
  mark: (names, how) => `apt-mark ${how} -- ${quoteAll(names)}`,
};
