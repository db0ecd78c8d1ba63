import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { Guard, HostReader } from '../../../model/host.ts';
import { sha256Of } from '../path-image.ts';

/** A line of /etc/passwd. */
export interface PasswdEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly comment: string;
  readonly home: string;
  readonly shell: string;
}

/** A line of /etc/group. */
export interface GroupEntry {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/** The local accounts of a host; what a directory service adds isn't among them. */
export interface Accounts {
  readonly users: readonly PasswdEntry[];
  readonly groups: readonly GroupEntry[];
  /** Hashes by user, as /etc/shadow has them. */
  readonly hashes: ReadonlyMap<string, string>;
  /** The files are still what was read. */
  readonly guards: readonly Guard[];
}

const paths = ['/etc/passwd', '/etc/group', '/etc/shadow'] as const;

/** Reads the local accounts. Rejects with `unreadable` when a file isn't there or isn't to be read. */
export async function readAccounts(from: HostReader): Promise<Accounts> {
  const files = await Promise.all(paths.map(async (path) => await contentOf(path, from)));
  const [users = [], groups = [], shadow = []] = files.map((bytes) => rowsOf(bytes));
  return {
    users: users.map(([name = '', , uid, gid, comment = '', home = '', shell = '']) => {
      return { name, uid: Number(uid), gid: Number(gid), comment, home, shell };
    }),
    groups: groups.map(([name = '', , gid, members = '']) => {
      return { name, gid: Number(gid), members: members.split(',').filter(Boolean) };
    }),
    hashes: new Map(shadow.map(([name = '', hash = '']) => [name, hash])),
    guards: paths.map((path, index) => {
      return { question: { ask: 'sha256', path }, expected: sha256Of(files[index] ?? new Uint8Array()) };
    }),
  };
}

async function contentOf(path: string, from: HostReader): Promise<Uint8Array> {
  const content = await from.ask({ ask: 'content', path });
  if (content) return content;
  throw new CairnError(problem('unreadable', `${path} is not there, or not a file`));
}

function rowsOf(bytes: Uint8Array): readonly (readonly string[])[] {
  const lines = Buffer.from(bytes).toString('utf8').split('\n');
  return lines.filter((line) => /^[^#+:-][^:]*:/.test(line)).map((line) => line.split(':'));
}

/** Throws `bad-account-name` unless it is a name that every useradd takes; addresses are made with it. */
export function accountName(name: string): string {
  if (/^[a-z_][a-z0-9_.-]{0,30}\$?$/i.test(name)) return name;
  throw new CairnError(
    problem('bad-account-name', `${JSON.stringify(name)} can't be the name of a user or a group`, {
      help: 'begin with a letter or _, then letters, digits, _, . and -; at most 31 characters',
    }),
  );
}
