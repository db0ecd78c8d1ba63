import { spawn } from 'node:child_process';
import { userInfo } from 'node:os';
import { CairnError } from '../../../model/diagnostic.ts';
import { withoutSecrets } from '../../environment.ts';
import { matchesOneOf } from '../patterns.ts';
import { badLine, type ConfigLine, wordsOf } from './lines.ts';
import { expandTokens, type Tokens } from './tokens.ts';

/** What Match may ask for while the settings are being read. */
export interface Matched {
  /** As it was asked for. */
  readonly alias: string;
  /** HostName as far as it is known by now. */
  readonly host: string;
  readonly user: string;
  /** The second time over, because something said `final`. */
  readonly isFinal: boolean;
  readonly tokens: Tokens;
  readonly env: NodeJS.ProcessEnv;
}

interface Criterion {
  readonly name: string;
  readonly isNegated: boolean;
  readonly argument: string;
}

/** Milliseconds that a command of `Match exec` may take. */
const longest = 20_000;
const withArgument = ['host', 'originalhost', 'user', 'localuser', 'exec'];

/** The criteria of a Match line. @throws CairnError `ssh-config` for one that nobody here understands */
function criteriaOf(line: ConfigLine): readonly Criterion[] {
  const words = wordsOf(line).flatMap(splitAssigned);
  const criteria: Criterion[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const isNegated = word.startsWith('!');
    const name = word.slice(isNegated ? 1 : 0).toLowerCase();
    const takesOne = withArgument.includes(name);
    if (!takesOne && !['all', 'final', 'canonical'].includes(name)) {
      throw new CairnError(badLine(line, `"${name}" is not understood`, 'write Host, or Match with other words'));
    }
    if (takesOne) at += 1;
    const argument = takesOne ? words[at] : '';
    if (argument === undefined) throw new CairnError(badLine(line, `"${name}" needs a value`));
    criteria.push({ name, isNegated, argument });
  }
  return criteria;
}

function splitAssigned(word: string): readonly string[] {
  const { name, value } = /^(?<name>!?[a-z]+)=(?<value>.*)$/i.exec(word)?.groups ?? {};
  return name !== undefined && value !== undefined && withArgument.includes(name.replace('!', '').toLowerCase())
    ? [name, value]
    : [word];
}

/** True when all criteria of a Match line hold; its commands run only where those before them do. */
export async function isMatched(line: ConfigLine, matched: Matched): Promise<boolean> {
  for (const { name, isNegated, argument } of criteriaOf(line)) {
    const holds = await doesHold(name, argument, matched);
    if (holds === isNegated) return false;
  }
  return true;
}

async function doesHold(name: string, argument: string, matched: Matched): Promise<boolean> {
  const isOne = (of: string): boolean => matchesOneOf(argument.split(','), of);
  const isOneHost = (of: string): boolean => matchesOneOf(argument.toLowerCase().split(','), of.toLowerCase());
  switch (name) {
    case 'host':
      return isOneHost(matched.host);
    case 'originalhost':
      return isOneHost(matched.alias);
    case 'user':
      return isOne(matched.user);
    case 'localuser':
      return isOne(userInfo().username);
    case 'exec':
      return await succeeds(expandTokens(argument, matched.tokens), matched.env);
    case 'all':
      return true;
    default:
      return matched.isFinal;
  }
}

function succeeds(command: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  return new Promise((resolve) => {
    const shell = env.SHELL || '/bin/sh';
    const child = spawn(shell, ['-c', command], { env: withoutSecrets(env), stdio: 'ignore', timeout: longest });
    child.once('error', () => resolve(false));
    child.once('close', (status) => resolve(status === 0));
  });
}
