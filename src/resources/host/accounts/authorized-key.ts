import { createHash } from 'node:crypto';
import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { Guard, HostReader, Operation } from '../../../model/host.ts';
import { guardsFor, lookAt, type PathImage } from '../path-image.ts';
import { type Absent, stateType } from '../state.ts';
import { accountName, readAccounts } from './database.ts';

export interface AuthorizedKeyId {
  /** Who may be logged in to with it; must exist by then. */
  readonly user: string;
  /** A public key as `ssh-keygen` writes it: type, key, and a comment that may be left out. */
  readonly key: string;
}

export interface AuthorizedKeyWant extends Absent {
  /** What stands before the key: `restrict,command="backup"`. */
  readonly options?: string;
}

/** The one line that holds the key. */
export interface AuthorizedKeyState {
  readonly options: string;
  /** From 0, for giving it back. */
  readonly index: number;
  /** Verbatim. */
  readonly line: string;
}

interface Place {
  readonly uid: string;
  readonly group: string;
  readonly folder: string;
  readonly path: string;
}

/** A public key that opens a user's account over SSH. Other keys and comments in the file stay as they are. */
export const authorizedKey = stateType<AuthorizedKeyId, AuthorizedKeyWant, AuthorizedKeyState>({
  name: 'authorizedKey',
  identity: ['user', 'key'],
  address: ({ user, key }) => `authorizedKey/${accountName(user)}/${fingerprint(partsOf(key).blob)}`,
  title: ({ user, key }) => `key ${partsOf(key).comment || fingerprint(partsOf(key).blob)} of ${user}`,
  fields: ['options'],
  look: async ({ user, key }, from) => {
    const place = await placeOf(user, from);
    if (!place) return null;
    return findKey(linesOf(await lookAt(place.path, from)), partsOf(key).blob);
  },
  wish: ({ options }) => ({ options: options ?? '' }),
  steps: async ({ id, from, to }, host) => {
    const place = await placeOf(id.user, host);
    if (!place) throw noUser(id.user);
    const [folder, file] = await Promise.all([lookAt(place.folder, host), lookAt(place.path, host)]);
    refuseLinks(place, folder, file);
    const guards: Guard[] = [...guardsFor(place.folder, folder), ...guardsFor(place.path, file)];
    return { guards, operations: rewrite(place, { folder, file }, edited(linesOf(file), { id, from, to })) };
  },
});

/** `ssh-ed25519 AAAA… comment`, in its parts. Throws `bad-key`; a private key is never quoted. */
function partsOf(key: string): { readonly type: string; readonly blob: string; readonly comment: string } {
  const found = /^((?:ssh|ecdsa|sk)-[a-z0-9@.-]+) ([A-Za-z0-9+/]{32,}={0,2})(?: ([^\n]*))?$/.exec(key.trim());
  if (found) return { type: found[1] ?? '', blob: found[2] ?? '', comment: found[3] ?? '' };
  throw new CairnError(
    problem('bad-key', 'what should be an authorized key is not one line of a public key', {
      help: 'give the line of the .pub file: ssh-ed25519 AAAA… name; options go into options',
    }),
  );
}

function fingerprint(blob: string): string {
  return `SHA256:${createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64').replace(/=+$/, '')}`;
}

async function placeOf(user: string, from: HostReader): Promise<Place | null> {
  const { users, groups } = await readAccounts(from);
  const entry = users.find(({ name }) => name === user);
  if (!entry) return null;
  const folder = `${entry.home.replace(/\/$/, '')}/.ssh`;
  const group = groups.find(({ gid }) => gid === entry.gid)?.name ?? String(entry.gid);
  return { uid: user, group, folder, path: `${folder}/authorized_keys` };
}

function linesOf(file: PathImage | null): readonly string[] {
  const text = Buffer.from(file?.content ?? []).toString('utf8');
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function findKey(lines: readonly string[], blob: string): AuthorizedKeyState | null {
  const index = lines.findIndex((line) => !line.startsWith('#') && line.split(/\s+/).includes(blob));
  const line = lines[index];
  if (line === undefined) return null;
  const options = line
    .slice(0, line.indexOf(blob))
    .replace(/\S+\s+$/, '')
    .trim();
  return { options, index, line };
}

function edited(
  lines: readonly string[],
  { id, from, to }: { id: AuthorizedKeyId; from: AuthorizedKeyState | null; to: Partial<AuthorizedKeyState> | null },
): readonly string[] {
  const next = [...lines];
  const line = to && (to.line ?? `${to.options ? `${to.options} ` : ''}${id.key.trim()}`);
  const at = from?.index ?? Math.min(to?.index ?? next.length, next.length);
  next.splice(at, from ? 1 : 0, ...(line === null ? [] : [line]));
  return next;
}

// A user could lead root elsewhere by a link.
function refuseLinks({ folder, path }: Place, ...[at, file]: readonly (PathImage | null)[]): void {
  const odd = at && at.kind !== 'directory' ? folder : file && !file.content ? path : null;
  if (odd === null) return;
  throw new CairnError(
    problem('in-the-way', `${odd} is a link or no ordinary ${odd === folder ? 'folder' : 'file'}`, {
      help: 'root follows no links of a user; move it away by hand',
    }),
  );
}

function rewrite(
  { uid, group, folder, path }: Place,
  now: { folder: PathImage | null; file: PathImage | null },
  lines: readonly string[],
): readonly Operation[] {
  if (lines.length === 0) return [{ do: 'remove', path }];
  const own = { owner: uid, group };
  const made: Operation[] = now.folder ? [] : [{ do: 'make-directory', path: folder, mode: '0700', ...own }];
  const { mode, owner } = now.file ?? { mode: '0600', owner: uid };
  const content = `${lines.join('\n')}\n`;
  return [...made, { do: 'put-file', path, content, mode, owner, group: now.file?.group ?? group }];
}

function noUser(user: string): CairnError {
  return new CairnError(
    problem('no-such-user', `there is no local user ${user} to give a key to`, {
      help: 'declare host.user before the key, or correct the name',
    }),
  );
}
