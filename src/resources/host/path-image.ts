import { createHash } from 'node:crypto';
import { CairnError, problem } from '../../model/diagnostic.ts';
import type { FileKind, Guard, HostReader, PathState } from '../../model/host.ts';
import type { Codec } from '../../model/resource.ts';

/** What is at a path, whole: enough to put it back. */
export interface PathImage {
  readonly kind: FileKind;
  /** Octal, four digits. */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  /** Where a link points. */
  readonly target?: string;
  /** Of a file. */
  readonly sha256?: string;
  /** Bytes of a file. */
  readonly size?: number;
  /** Of a file of at most `keptBytes`. */
  readonly content?: Uint8Array;
}

/** Content of larger files is not kept in images: a copy of them stays on the host until undo. */
const keptBytes = 1024 * 1024;

/** What is at a path; null when nothing is. Rejects when it can't be told. */
export async function lookAt(path: string, from: HostReader): Promise<PathImage | null> {
  const [state, content] = await Promise.all([
    from.ask({ ask: 'stat', path }),
    from.ask({ ask: 'content', path, limit: keptBytes }),
  ]);
  if (state?.kind !== 'file') return state && imageOf(state);
  if (content) return imageOf(state, sha256Of(content), content);
  const sha256 = await from.ask({ ask: 'sha256', path });
  if (sha256) return imageOf(state, sha256);
  throw new CairnError(problem('unreadable', `${path} changed while it was read`));
}

/** An image from the parts of it that a host answers. */
export function imageOf(state: PathState, sha256?: string | null, content?: Uint8Array): PathImage {
  const { kind, mode, owner, group, size, target } = state;
  const base = { kind, mode, owner, group };
  if (kind === 'link') return { ...base, target: target ?? '' };
  if (kind !== 'file' || !sha256) return base;
  return { ...base, sha256, size, ...(content ? { content } : {}) };
}

export function sha256Of(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The path is still as the image says. */
export function guardsFor(path: string, image: PathImage | null): readonly Guard[] {
  const stat: Guard = { question: { ask: 'stat', path }, expected: image && stateOf(image) };
  if (image?.sha256 === undefined) return [stat];
  return [stat, { question: { ask: 'sha256', path }, expected: image.sha256 }];
}

function stateOf({ kind, mode, owner, group, size, target }: PathImage): PathState {
  const state = { kind, mode, owner, group, size: size ?? 0 };
  return target === undefined ? state : { ...state, target };
}

/** Images as JSON: content in base64. */
export const pathCodec: Codec<PathImage> = {
  encode: ({ content, ...rest }) =>
    content ? { ...rest, content: Buffer.from(content).toString('base64') } : { ...rest },
  decode: (stored) => {
    const { content, ...rest } = stored as Omit<PathImage, 'content'> & { readonly content?: string };
    return content === undefined ? rest : { ...rest, content: new Uint8Array(Buffer.from(content, 'base64')) };
  },
};

/** Throws `bad-path` unless a path is absolute and plain; addresses are made with it, so that a plan finds out first. */
export function plainPath(path: string): string {
  if (/^(\/(?!\.{1,2}(\/|$))[^/\0]+)+$/.test(path)) return path;
  throw new CairnError(
    problem('bad-path', `${JSON.stringify(path)} is not a plain absolute path`, {
      help: "begin with / and leave out '.', '..', doubled and trailing slashes",
    }),
  );
}
