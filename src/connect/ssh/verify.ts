import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CairnError, type Diagnostic, problem } from '../../model/diagnostic.ts';
import { hasOnlyAuthority, judgeHostKey, type Server, type Verdict } from './host-key.ts';
import { hashOf, type KnownHost, nameOf, parseKnownHosts, typeIn } from './known-hosts.ts';
import type { SshSettings } from './settings.ts';
import { fingerprintOf } from './wire.ts';

/** Whether keys of servers that nobody knows yet are taken for good, and remembered. */
export interface Trust {
  readonly acceptNew: boolean;
}

/** Every line of a host's known_hosts files. A file that isn't there is empty. */
export async function knownHostsOf({ knownHosts }: SshSettings): Promise<readonly KnownHost[]> {
  const texts = await Promise.all(
    knownHosts.map(async (file) => {
      try {
        return parseKnownHosts(await readFile(file, 'utf8'), file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw new CairnError(problem('host-key', `${file} can't be read: ${(error as Error).message}`));
      }
    }),
  );
  return texts.flat();
}

/** What a server's key is looked up by. */
export function serverOf({ hostKeyAlias, host, port }: SshSettings): Server {
  return hostKeyAlias === undefined ? { host, port } : { host: hostKeyAlias, port: 22 };
}

/**
 * Judges the key that a server showed, before anything is said to it; remembers a new one where that was allowed.
 * @returns what is wrong with it; undefined: nothing
 */
export async function refusalOf(
  settings: SshSettings,
  known: readonly KnownHost[],
  key: Buffer,
  { acceptNew }: Trust,
): Promise<Diagnostic | undefined> {
  const server = serverOf(settings);
  const encoded = key.toString('base64');
  const verdict = judgeHostKey(known, server, encoded);
  if (verdict.is === 'known') return undefined;
  const authority = hasOnlyAuthority(known, server);
  if (verdict.is === 'unknown' && acceptNew && !authority) {
    await remember(settings, server, encoded);
    return undefined;
  }
  return refusal(settings, server, { verdict, encoded, authority });
}

async function remember(
  { knownHosts: [file], hashKnownHosts }: SshSettings,
  { host, port }: Server,
  key: string,
): Promise<void> {
  if (file === undefined) return;
  const name = nameOf(host, port);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await appendFile(file, `${hashKnownHosts ? hashOf(name) : name} ${typeIn(key)} ${key}\n`, { mode: 0o600 });
}

interface Refused {
  readonly verdict: Exclude<Verdict, { is: 'known' }>;
  readonly encoded: string;
  readonly authority: KnownHost | undefined;
}

function refusal(settings: SshSettings, { host, port }: Server, { verdict, encoded, authority }: Refused): Diagnostic {
  const shown = nameOf(host, port);
  const fingerprint = `${typeIn(encoded)} ${fingerprintOf(Buffer.from(encoded, 'base64'))}`;
  switch (verdict.is) {
    case 'revoked':
      return problem('host-key-revoked', `the key of ${settings.name} (${shown}) is revoked`, {
        detail: [`${verdict.at.file}:${verdict.at.line} says so of ${fingerprint}`],
        help: 'somebody may be in the middle; ask whoever runs the host for its new key',
      });
    case 'changed':
      return problem('host-key-changed', `${settings.name} (${shown}) shows another key than the one that is known`, {
        detail: [`known: ${verdict.at.file}:${verdict.at.line}, ${verdict.at.type}`, `shown: ${fingerprint}`],
        help: `somebody may be in the middle; if the host was set up anew:  ssh-keygen -f ${verdict.at.file} -R '${shown}'`,
      });
    case 'unknown':
      return problem('host-key-unknown', `the key of ${settings.name} (${shown}) is not known`, {
        detail: [
          `it showed ${fingerprint}`,
          ...(authority
            ? [`${authority.file}:${authority.line} names an authority, and certificates of hosts are not understood`]
            : []),
        ],
        help: `compare it, then add it:  ssh-keyscan -p ${port} ${host} >> ${settings.knownHosts[0]}${authority ? '' : '  or say --accept-new-host-keys'}`,
      });
  }
}
