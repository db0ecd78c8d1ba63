import { readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { CairnError, problem } from '../../../model/diagnostic.ts';
import { matchesOneOf } from '../patterns.ts';
import { filesIncluded, type IncludeFrom } from './include.ts';
import { badLine, type ConfigLine, parseConfig, wordsOf } from './lines.ts';
import { isMatched } from './match.ts';
import { expandTokens, tokensOf } from './tokens.ts';

/** For whom settings are looked up. */
export interface ConfigFor {
  readonly alias: string;
  /** Where the inventory names one. */
  readonly user: string | undefined;
  readonly port: number | undefined;
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Settings that count for one host: of each keyword the first line, of some every line. */
export class SshConfig {
  readonly #lines = new Map<string, ConfigLine[]>();

  /** True when it counted. */
  add(line: ConfigLine): void {
    const known = this.#lines.get(line.keyword);
    const rival = rivals[line.keyword];
    if (rival !== undefined && this.#lines.has(rival)) return;
    if (!known) this.#lines.set(line.keyword, [line]);
    else if (repeatable.has(line.keyword) && !known.some(({ text }) => text === line.text)) known.push(line);
  }

  /** The first line of a keyword, written as OpenSSH documents it. */
  line(keyword: string): ConfigLine | undefined {
    return this.#lines.get(keyword.toLowerCase())?.[0];
  }

  lines(keyword: string): readonly ConfigLine[] {
    return this.#lines.get(keyword.toLowerCase()) ?? [];
  }

  /** Its first word. */
  one(keyword: string): string | undefined {
    const line = this.line(keyword);
    return line && wordsOf(line)[0];
  }

  isYes(keyword: string): boolean {
    return ['yes', 'true', 'always'].includes(this.one(keyword)?.toLowerCase() ?? 'no');
  }
}

const repeatable = new Set(['identityfile', 'certificatefile']);
/** The one that comes first counts. */
const rivals: Readonly<Record<string, string>> = { proxyjump: 'proxycommand', proxycommand: 'proxyjump' };
/** As OpenSSH: files that include themselves end somewhere. */
const deepest = 16;

interface File extends IncludeFrom {
  readonly path: string;
  /** Its settings run programs: only its owner may write it. */
  readonly isPrivate: boolean;
  readonly depth: number;
}

/**
 * What ~/.ssh/config and /etc/ssh/ssh_config say of a host, as `ssh -G` would.
 * @param system the settings of the system; none where it isn't there
 * @throws CairnError `ssh-config` for what can't be read, understood or trusted
 */
export async function readConfig(of: ConfigFor, system: string): Promise<SshConfig> {
  const reading = new Reading(of);
  const files: readonly File[] = [
    { path: `${of.home}/.ssh/config`, folder: `${of.home}/.ssh`, home: of.home, isPrivate: true, depth: 0 },
    { path: system, folder: '/etc/ssh', home: of.home, isPrivate: false, depth: 0 },
  ];
  for (const file of files) await reading.take(file);
  if (reading.wantsFinal) for (const file of files) await reading.take(file, true);
  return reading.config;
}

class Reading {
  readonly config = new SshConfig();
  wantsFinal = false;
  readonly #of: ConfigFor;

  constructor(of: ConfigFor) {
    this.#of = of;
  }

  async take(file: File, isFinal = false): Promise<void> {
    const content = await contentOf(file);
    let isActive = true;
    for (const line of content === undefined ? [] : parseConfig(content, file.path)) {
      if (line.keyword === 'host') isActive = matchesOneOf(wordsOf(line), this.#of.alias);
      else if (line.keyword === 'match') isActive = await this.#isMatched(line, isFinal);
      else if (isActive && line.keyword === 'include') await this.#include(line, file, isFinal);
      else if (isActive) this.config.add(line);
    }
  }

  async #include(line: ConfigLine, { depth, ...file }: File, isFinal: boolean): Promise<void> {
    if (depth === deepest) throw new CairnError(badLine(line, 'too many files include each other'));
    for (const word of wordsOf(line)) {
      for (const path of await filesIncluded(word, file)) await this.take({ ...file, path, depth: depth + 1 }, isFinal);
    }
  }

  async #isMatched(line: ConfigLine, isFinal: boolean): Promise<boolean> {
    if (/(^|\s)!?final(\s|$)/i.test(line.text)) this.wantsFinal = true;
    const { alias, env, home } = this.#of;
    const host = expandTokens(this.config.one('HostName') ?? alias, { h: alias, '%': '%' });
    const user = this.#of.user ?? this.config.one('User') ?? userInfo().username;
    const port = this.#of.port ?? Number(this.config.one('Port') ?? 22);
    const jump = this.config.one('ProxyJump') ?? '';
    const tokens = tokensOf({ home, host, alias, port, user, jump, hostKeyAlias: this.config.one('HostKeyAlias') });
    return await isMatched(line, { alias, host, user, isFinal, tokens, env });
  }
}

async function contentOf({ path, isPrivate }: File): Promise<string | undefined> {
  try {
    if (isPrivate) await refuseOthers(path);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof CairnError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new CairnError(problem('ssh-config', `${path} can't be read: ${message}`));
  }
}

// Whoever may write settings may run programs as us: OpenSSH refuses such files, too.
async function refuseOthers(path: string): Promise<void> {
  const { uid, mode } = await stat(path);
  if ((uid === 0 || uid === userInfo().uid) && (mode & 0o022) === 0) return;
  throw new CairnError(
    problem('ssh-config', `${path} can be written by others, and its settings run programs`, {
      help: `chmod go-w ${path}, and see whose it is`,
    }),
  );
}
