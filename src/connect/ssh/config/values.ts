import { CairnError } from '../../../model/diagnostic.ts';
import { badLine, type ConfigLine, wordsOf } from './lines.ts';
import type { SshConfig } from './read.ts';
import { expandTokens, expandVariables, type Tokens } from './tokens.ts';

interface Paths {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Reads the names of files that a keyword gives, each of its lines; `none` is none. */
export function pathsIn(config: SshConfig, tokens: Tokens, { home, env }: Paths) {
  return (keyword: string, otherwise = ''): readonly string[] => {
    const lines = config.lines(keyword);
    const said = lines.length > 0 ? lines : [{ keyword, text: otherwise, file: 'Cairn', line: 0 }];
    return said.flatMap((line) =>
      wordsOf(line)
        .filter((word) => word.toLowerCase() !== 'none')
        .map((word) =>
          follow(line, () => expandVariables(expandTokens(word, tokens), env).replace(/^~(?=\/|$)/, home)),
        ),
    );
  };
}

/** The first word of a line, its tokens replaced. */
export function expanded(line: ConfigLine | undefined, tokens: Tokens): string | undefined {
  return line && follow(line, () => expandTokens(wordsOf(line)[0] ?? '', tokens));
}

/** The command of a line for a shell; undefined for `none`. */
export function proxyOf(line: ConfigLine | undefined, tokens: Tokens): string | undefined {
  if (!line || line.text.toLowerCase() === 'none') return undefined;
  return follow(line, () => expandTokens(line.text, tokens));
}

/** What goes wrong with the value of a line is said with its place. @throws CairnError `ssh-config` */
export function follow<T>(line: ConfigLine, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new CairnError(badLine(line, (error as Error).message));
  }
}

/** A whole number; undefined where nothing is said. @throws CairnError `ssh-config` */
export function numberOf(config: SshConfig, keyword: string, read: (word: string) => number): number | undefined {
  const line = config.line(keyword);
  const word = config.one(keyword);
  if (!line || word === undefined || word === 'none') return undefined;
  const value = read(word);
  if (!Number.isInteger(value)) throw new CairnError(badLine(line, 'that is no number'));
  return value;
}
