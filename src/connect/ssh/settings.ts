import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { SshWay } from '../../model/project.ts';
import { type AlgorithmWishes, algorithmKeywords, algorithmsFor } from './algorithms.ts';
import { refuseOddNames } from './config/names.ts';
import { readConfig, type SshConfig } from './config/read.ts';
import { refuseUnsupported } from './config/refused.ts';
import { secondsIn } from './config/time.ts';
import { tokensOf } from './config/tokens.ts';
import { expanded, follow, numberOf, pathsIn, proxyOf } from './config/values.ts';

/** How one hop is reached: what the inventory says, then the files of ssh_config, then what OpenSSH does by itself. */
export interface SshSettings {
  /** As the inventory calls it, for people. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Hops before it, nearest first: names as `ssh -J` takes them. */
  readonly jumps: readonly string[];
  /** A command of the shell whose streams lead there. */
  readonly proxyCommand?: string;
  readonly family?: 4 | 6;
  /** Of this machine. */
  readonly localAddress?: string;
  readonly identityFiles: readonly string[];
  /** Only the files above, nothing else that an agent holds. */
  readonly identitiesOnly: boolean;
  /** Certificates of users that are named, besides those that lie beside the key files. */
  readonly certificates: readonly string[];
  /** Ways to sign in that may be tried, in this order. */
  readonly ways: readonly SignInWay[];
  /** Socket of an agent. */
  readonly agent?: string;
  readonly knownHosts: readonly string[];
  /** Names are hashed where new keys are remembered. */
  readonly hashKnownHosts: boolean;
  /** What the server is called in known_hosts. */
  readonly hostKeyAlias?: string;
  readonly algorithms: AlgorithmWishes;
  /** Seconds. */
  readonly connectTimeout: number;
  /** A peer that answers none of so many questions, so many seconds apart, is gone. */
  readonly alive: { readonly seconds: number; readonly most: number };
}

export type SignInWay = 'publickey' | 'password' | 'keyboard-interactive';

const systemKnownHosts = '/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2';
const usualIdentities = ['id_ed25519', 'id_ecdsa', 'id_rsa'];
/** A silent peer is noticed within 12 s where nobody says otherwise. */
const alive = { seconds: 4, most: 2 };

/** Where a user's own settings and keys lie; the environment they are read in. */
export interface SshHome {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** Settings of the system. */
  readonly system?: string;
}

/** This user's. */
export function ownHome(): SshHome {
  return { home: process.env.HOME ?? homedir(), env: process.env, system: '/etc/ssh/ssh_config' };
}

/**
 * The settings of a host.
 * @param asked what the inventory says of it
 * @throws CairnError `ssh-config` for what can't be read, understood or followed
 */
export async function settingsOf(name: string, asked: SshWay, own: SshHome): Promise<SshSettings> {
  const { home, env, system = '/dev/null' } = own;
  const alias = asked.host ?? name;
  refuseOddNames(name, [alias], asked.user ?? '');
  const config = await readConfig({ alias, user: asked.user, port: asked.port, home, env }, system);
  refuseUnsupported(config);
  const host = expanded(config.line('HostName'), { h: alias, '%': '%' }) ?? alias;
  const user = asked.user ?? config.one('User') ?? userInfo().username;
  refuseOddNames(name, [host], user);
  const port = asked.port ?? numberOf(config, 'Port', Number) ?? 22;
  const hostKeyAlias = config.one('HostKeyAlias');
  const jump = config.one('ProxyJump') ?? 'none';
  const tokens = tokensOf({ home, host, alias, port, user, hostKeyAlias, jump: jump === 'none' ? '' : jump });
  const paths = pathsIn(config, tokens, { home, env });
  const agent = agentOf(config.one('IdentityAgent'), env, () => paths('IdentityAgent')[0]);
  const localAddress = config.one('BindAddress');
  const family = familyOf(config.one('AddressFamily'));
  const proxyCommand = proxyOf(config.line('ProxyCommand'), { n: alias, h: host, p: String(port), r: user, '%': '%' });
  return {
    name,
    host,
    port,
    user,
    jumps: jump === 'none' ? [] : jump.split(',').map((hop) => hop.trim()),
    ...(proxyCommand === undefined ? {} : { proxyCommand }),
    ...(family === undefined ? {} : { family }),
    ...(localAddress === undefined ? {} : { localAddress }),
    identityFiles: identitiesOf(asked, paths('IdentityFile'), home),
    identitiesOnly: asked.key !== undefined || config.isYes('IdentitiesOnly'),
    certificates: paths('CertificateFile'),
    ways: waysOf(config),
    ...(agent === undefined ? {} : { agent }),
    knownHosts: [
      ...paths('UserKnownHostsFile', '~/.ssh/known_hosts ~/.ssh/known_hosts2'),
      ...paths('GlobalKnownHostsFile', systemKnownHosts),
    ],
    hashKnownHosts: config.isYes('HashKnownHosts'),
    ...(hostKeyAlias === undefined ? {} : { hostKeyAlias }),
    algorithms: algorithmsAsked(config),
    connectTimeout: numberOf(config, 'ConnectTimeout', secondsIn) || 10,
    alive: aliveOf(config),
  };
}

function identitiesOf({ key }: SshWay, files: readonly string[], home: string): readonly string[] {
  if (key !== undefined) return [key];
  return files.length > 0 ? files : usualIdentities.map((file) => join(home, '.ssh', file));
}

function agentOf(
  asked: string | undefined,
  env: NodeJS.ProcessEnv,
  path: () => string | undefined,
): string | undefined {
  if (asked?.toLowerCase() === 'none') return undefined;
  if (asked === undefined || asked === 'SSH_AUTH_SOCK') return env.SSH_AUTH_SOCK || undefined;
  return /^\$[^{]/.test(asked) ? env[asked.slice(1)] : path();
}

function familyOf(asked: string | undefined): 4 | 6 | undefined {
  if (asked === 'inet') return 4;
  return asked === 'inet6' ? 6 : undefined;
}

const allWays: Readonly<Record<SignInWay, string>> = {
  publickey: 'PubkeyAuthentication',
  'keyboard-interactive': 'KbdInteractiveAuthentication',
  password: 'PasswordAuthentication',
};

function waysOf(config: SshConfig): readonly SignInWay[] {
  const ways: readonly SignInWay[] = ['publickey', 'password', 'keyboard-interactive'];
  const isShut = (way: SignInWay): boolean => config.one(allWays[way])?.toLowerCase() === 'no';
  const preferred = config.one('PreferredAuthentications')?.split(',');
  const meant = preferred?.flatMap((name) => ways.filter((way) => way === name)) ?? ways;
  return meant.filter((way) => !isShut(way));
}

function algorithmsAsked(config: SshConfig): AlgorithmWishes {
  return Object.fromEntries(
    algorithmKeywords.flatMap((keyword) => {
      const line = config.line(keyword);
      const wish = config.one(keyword);
      if (line && wish !== undefined) follow(line, () => algorithmsFor([], { [keyword]: wish }));
      return wish === undefined ? [] : [[keyword, wish]];
    }),
  );
}

function aliveOf(config: SshConfig): SshSettings['alive'] {
  const seconds = numberOf(config, 'ServerAliveInterval', secondsIn);
  if (!seconds) return alive;
  return { seconds, most: numberOf(config, 'ServerAliveCountMax', Number) ?? 3 };
}
