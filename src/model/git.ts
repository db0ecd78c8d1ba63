import { createHash } from 'node:crypto';
import type { Secret } from './secret.ts';

/** A repository of some Git host, and the way to it. */
export interface GitRemote {
  /** `ssh://git@git.example/acme/shop.git`, or `git@git.example:acme/shop.git`. */
  readonly url: string;
  /** The private key that is let in, as OpenSSH writes it. */
  readonly key: Secret;
  /** Who the host is: lines of a `known_hosts`. */
  readonly knownHosts: string;
  /** Connect to this address instead of asking the resolver: `127.0.0.1:2222`. */
  readonly connectTo?: string;
}

/** Mode and hash of a file as Git has it: `100644 e69de29…`. */
export type GitEntry = string;

/** Some files of a branch, as they are now. */
export interface GitSight {
  /** The commit that changed them last; of none of them is there, the branch's newest. */
  readonly commit: string;
  /** By path; what isn't there is left out. */
  readonly files: Readonly<Record<string, GitEntry>>;
}

export interface GitPlace {
  readonly branch: string;
  /** From the repository's root, without `/` at the start. */
  readonly paths: readonly string[];
}

/** Text, what the repository held before, or nothing. */
export type GitContent = { readonly text: string } | { readonly entry: GitEntry } | null;

export interface GitChange extends GitPlace {
  /** What must still be there; a path that isn't named must not be. */
  readonly expected: Readonly<Record<string, GitEntry>>;
  /** By path. */
  readonly files: Readonly<Record<string, GitContent>>;
  readonly message: string;
}

export interface GitWritten {
  /** `moved`: the files aren't as expected, and nothing was pushed. */
  readonly is: 'written' | 'moved';
  /** Null: the branch isn't there. */
  readonly now: GitSight | null;
}

/**
 * Reads branches. Rejects with a CairnError: `git-missing` (the program), `git-unreachable`, `git-unauthorized`, `git-failed`,
 * `bad-git` for a URL, a branch or a path that is none.
 */
export interface GitReader {
  /** Null: the branch isn't there. */
  look(remote: GitRemote, place: GitPlace): Promise<GitSight | null>;
}

export interface GitWriter extends GitReader {
  /**
   * One commit on top of whatever the branch is by now, pushed, never by force; who pushes at the same time is waited for.
   * Where the files are so already nothing is committed. A branch that isn't there is begun.
   */
  commit(remote: GitRemote, change: GitChange): Promise<GitWritten>;
}

/** The hash by which Git knows a file of this text, 40 hex digits. */
export function blobOf(text: string): string {
  const bytes = Buffer.from(text);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Git for those who have no use for it. */
export const noGit: GitWriter = {
  look: () => Promise.reject(new Error('no Git here')),
  commit: () => Promise.reject(new Error('no Git here')),
};
