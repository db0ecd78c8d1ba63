import { CairnError, problem } from '../../model/diagnostic.ts';
import type { Operation } from '../../model/host.ts';
import { revealText } from '../../model/secret.ts';
import type { FakeHost } from './host.ts';
import type { FakeNode } from './host-files.ts';

type On<D extends Operation['do']> = Extract<Operation, { readonly do: D }>;

/** What is done to one path. */
export type PathOperation = On<
  'put-file' | 'make-directory' | 'make-link' | 'keep-copy' | 'put-copy' | 'drop-copy' | 'set-attributes' | 'remove'
>;

const linked = { mode: '0777', owner: 'root', group: 'root' } as const;

/** Does it to the files of a fake host. */
export function changePath(host: FakeHost, operation: PathOperation): void {
  switch (operation.do) {
    case 'put-file':
      put(host, operation);
      break;
    case 'make-directory':
      makeDirectory(host, operation);
      break;
    case 'make-link':
      replace(host, operation.path, { kind: 'link', target: operation.target, ...linked });
      break;
    case 'keep-copy':
      host.copies.set(copyKey(operation), host.files.content(operation.path) ?? new Uint8Array());
      break;
    case 'put-copy':
      putCopy(host, operation);
      break;
    case 'drop-copy':
      host.copies.delete(copyKey(operation));
      break;
    case 'set-attributes':
      setAttributes(host, operation);
      break;
    case 'remove':
      host.files.remove(operation.path);
      break;
  }
}

function put(host: FakeHost, { path, content, validate, mode, owner, group }: On<'put-file'>): void {
  const bytes = content instanceof Uint8Array ? content : new TextEncoder().encode(revealText(content));
  if (validate) check(host, { path, content: bytes, argv: validate });
  replace(host, path, { kind: 'file', content: Uint8Array.from(bytes), mode, owner, group });
}

interface Checked {
  readonly path: string;
  readonly content: Uint8Array;
  readonly argv: readonly [string, ...string[]];
}

function check(host: FakeHost, { path, content, argv: [program, ...args] }: Checked): void {
  const temp = `${path.slice(0, path.lastIndexOf('/'))}/.cairn-checked`;
  host.files.set(temp, { kind: 'file', content, mode: '0600', owner: 'root', group: 'root' });
  const argv = [program, ...args.map((word) => word.replaceAll('%s', () => temp))] as const;
  const { status, stdout, stderr } = host.run({ argv });
  host.files.remove(temp);
  if (status === 0) return;
  const said = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
  throw failed(`the new content of ${path} was refused by its check`, said);
}

function putCopy(host: FakeHost, operation: On<'put-copy'>): void {
  const content = host.copies.get(copyKey(operation));
  if (!content) throw failed(`the copy that was kept of ${operation.path} is gone`);
  put(host, { ...operation, do: 'put-file', content });
  host.copies.delete(copyKey(operation));
}

function replace({ files }: FakeHost, path: string, node: FakeNode): void {
  if (files.get(path)?.kind === 'directory') throw failed(`${path} is a directory`);
  files.set(path, node);
}

function makeDirectory({ files }: FakeHost, { path, mode, owner, group }: On<'make-directory'>): void {
  if (files.get(path)) throw failed(`could not make directory ${path}: File exists`);
  files.set(path, { kind: 'directory', mode, owner, group });
}

function setAttributes({ files }: FakeHost, { path, mode, owner, group }: On<'set-attributes'>): void {
  const node = files.get(path);
  if (!node) throw failed(`could not set owner and mode of ${path}: No such file or directory`);
  files.set(path, { ...node, mode: mode ?? node.mode, owner: owner ?? node.owner, group: group ?? node.group });
}

function copyKey({ path, sha256 }: { readonly path: string; readonly sha256: string }): string {
  return `${path} ${sha256}`;
}

/** The error of an operation that a host could not do. */
export function failed(summary: string, detail: readonly string[] = []): CairnError {
  return new CairnError(problem('operation-failed', summary, { detail }));
}
