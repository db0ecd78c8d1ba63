import { derive, probe, requirement, type VarsOf, type WorldReader } from '@cairnhq/cairn';
import type { devpi } from './index.ts';

type Vars = VarsOf<typeof devpi>;

/** What a host knows of a user. */
interface Account {
  readonly home: string;
  /** Absolute path of the login shell. */
  readonly shell: string;
  /** The first group, by name. */
  readonly group: string;
}

/** The user of a host who gets the tools: there, at home where we are told, and with certificates to trust. */
export function userOfHost(vars: Vars) {
  const { cliUser, cliHome, cliTrust } = vars;
  const fits = requirement({
    id: `user ${cliUser} with home ${cliHome}`,
    async test({ host }) {
      const account = await accountOf(vars, host);
      if (account === null)
        return { summary: `there is no user ${cliUser}`, help: 'make it, or correct devpi.cliUser' };
      if (account.home !== cliHome)
        return { summary: `${cliUser} lives in ${account.home}, not in ${cliHome}`, help: 'correct devpi.cliHome' };
      if ((await host.ask({ ask: 'stat', path: cliTrust })) !== null) return true;
      return { summary: `${cliTrust} is not there`, help: 'devpi.cliTrust names the certificates that programs trust' };
    },
  });
  const account = probe({
    id: `account of ${cliUser}`,
    read: async ({ host }) => (await accountOf(vars, host)) ?? { home: cliHome, shell: '', group: cliUser },
  });
  const { group, shell } = account.out;
  return { fits, account, own: { owner: cliUser, group }, shell: derive([shell], (path) => path.replace(/.*\//, '')) };
}

// Users of directory services count, too.
async function accountOf({ cliUser }: Vars, host: WorldReader['host']): Promise<Account | null> {
  const [entry, group] = await Promise.all([
    host.ask({ ask: 'run', argv: ['getent', 'passwd', cliUser] }),
    host.ask({ ask: 'run', argv: ['id', '-gn', cliUser] }),
  ]);
  if (entry.status !== 0) return null;
  const [, , , , , home = '', shell = ''] = entry.stdout.trim().split(':');
  return { home, shell, group: group.stdout.trim() };
}
