import { CairnError } from '../../../model/diagnostic.ts';
import { badLine } from './lines.ts';
import type { SshConfig } from './read.ts';

// What would lead elsewhere, or let in what the user shut out, if it were passed over.
const refused: Readonly<Record<string, readonly [why: string, help: string]>> = {
  CanonicalizeHostname: ['Cairn looks no names up', 'write the whole name as HostName'],
  RevokedHostKeys: ['lists of revoked keys are not read', 'mark the keys @revoked in known_hosts'],
  BindInterface: ['Cairn binds to addresses alone', 'write BindAddress'],
  ProxyUseFdpass: ['a ProxyCommand talks over its streams', 'take it away: `nc` without -F passes the bytes on'],
};

/** @throws CairnError `ssh-config` for what is set and can't be followed */
export function refuseUnsupported(config: SshConfig): void {
  for (const [keyword, [why, help]] of Object.entries(refused)) {
    const line = config.line(keyword);
    const value = config.one(keyword)?.toLowerCase();
    if (line && value !== undefined && value !== 'no' && value !== 'none')
      throw new CairnError(badLine(line, why, help));
  }
}
