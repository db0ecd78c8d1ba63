import { CairnError, problem } from '../../../model/diagnostic.ts';

// As OpenSSH has it since CVE-2023-51385: names reach shells as %h and %r.
const notInHosts = /^-|['`"$\\;&<>|(){}\s\p{Cc}]/u;
const notInUsers = /^-|['`";&<>|(){}\p{Cc}]|\s-|\\$/u;

/** @throws CairnError `bad-name` for what would be more than a name in a ProxyCommand */
export function refuseOddNames(of: string, hosts: readonly string[], user: string): void {
  const odd = hosts.find((host) => notInHosts.test(host)) ?? (notInUsers.test(user) ? user : undefined);
  if (odd === undefined) return;
  throw new CairnError(
    problem('bad-name', `${of}: ${JSON.stringify(odd)} can't be the name of a host or a user`, {
      help: 'see ansible_host and ansible_user, HostName and User: no quotes, no spaces, none of $ ; & < > | ( ) { }',
    }),
  );
}
