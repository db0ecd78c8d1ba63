import { CairnError, problem } from '../../model/diagnostic.ts';

/** True for a path that is absolute, plain and not the root. */
export function isPlain(path: string): boolean {
  return path.startsWith('/') && !path.includes('\0') && !/\/(\.{0,2}\/|\.{0,2}$)/.test(path);
}

/** A path as the shell may have it. Throws `bad-path` unless it is absolute, plain and not the root. */
export function checkPath(path: string): string {
  if (isPlain(path)) return path;
  throw new CairnError(
    problem('bad-path', `${JSON.stringify(path)} is not a plain absolute path`, {
      help: "begin with / and leave out '.', '..', doubled and trailing slashes",
    }),
  );
}
