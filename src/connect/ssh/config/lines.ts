import { CairnError, problem } from '../../../model/diagnostic.ts';

/** One setting of an ssh_config file: https://man.openbsd.org/ssh_config */
export interface ConfigLine {
  /** In lower case. */
  readonly keyword: string;
  /** All that follows it, as written. */
  readonly text: string;
  /** Absolute path. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Reads a file of settings. Pure. */
export function parseConfig(content: string, file: string): readonly ConfigLine[] {
  return content.split('\n').flatMap((raw, at) => {
    const { keyword, text = '' } = /^\s*"?(?<keyword>[^\s="#]+)"?\s*=?\s*(?<text>.*?)\s*$/.exec(raw)?.groups ?? {};
    return keyword === undefined || /^\s*#/.test(raw)
      ? []
      : [{ keyword: keyword.toLowerCase(), text, file, line: at + 1 }];
  });
}

/**
 * The words of a setting: by spaces, quotes keep them together, a word that begins with # begins a comment.
 * @throws CairnError `ssh-config` where a quote stays open
 */
export function wordsOf(line: ConfigLine): readonly string[] {
  const words: string[] = [];
  for (let rest = line.text.trimStart(); rest !== '' && !rest.startsWith('#'); ) {
    const [raw] = /^(?:\\.|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^\s"'\\]|\\$)+/.exec(rest) ?? [''];
    rest = rest.slice(raw.length);
    if (raw === '' || /^\S/.test(rest)) throw new CairnError(badLine(line, 'a quote stays open'));
    words.push(plain(raw));
    rest = rest.trimStart();
  }
  return words;
}

function plain(word: string): string {
  return word.replace(/\\(["'\\ ])|["']/g, (_, escaped: string | undefined) => escaped ?? '');
}

/** A setting that can't be followed. */
export function badLine({ keyword, text, file, line }: ConfigLine, why: string, help?: string) {
  return problem('ssh-config', `${file}:${line}: ${keyword} ${text}: ${why}`, help === undefined ? {} : { help });
}
