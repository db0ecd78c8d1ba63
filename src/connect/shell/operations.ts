import { createHash, randomBytes } from 'node:crypto';
import type { Operation } from '../../model/host.ts';
import { revealText, Secret } from '../../model/secret.ts';
import { byManager } from './packages/manager.ts';
import { checkPath } from './paths.ts';
import { printContent, quote, type ShellText } from './quote.ts';
import { rebootBody } from './reboot.ts';
import { armBody, disarmBody, giveBackBody } from './revert.ts';
import { runBody, secondsOf } from './run.ts';

/** Seconds for what only touches files, for packages, and for commands that name no limit. */
const limits = { files: 120, packages: 1800, command: 3600 } as const;

/** The shell text that carries an operation out. */
export function operationBody(operation: Operation): ShellText {
  switch (operation.do) {
    case 'put-file':
      return putFile(operation);
    case 'make-directory':
      return `directory ${at(operation.path)} ${owners(operation)} ${quote(plainMode(operation.mode))}`;
    case 'make-link':
      return `symlink ${at(operation.path)} ${quote(operation.target)} ${freshName()}`;
    case 'keep-copy':
      return `( keep ${at(operation.path)} ${copyName(operation)} ${quote(operation.sha256)} )`;
    case 'put-copy':
      return `put_copy ${placed(operation)} ${copyName(operation)}`;
    case 'drop-copy':
      return `( rm -f -- "$copies"/${copyName(operation)}; rmdir -- "$copies" 2>/dev/null; : )`;
    case 'set-attributes':
      return `( attributes ${at(operation.path)} ${owners(operation)} ${quote(operation.mode ?? '')} )`;
    case 'remove':
      return `remove ${at(operation.path)}`;
    case 'install-packages':
      return byManager(({ install }) => install(operation.names));
    case 'remove-packages':
      return byManager(({ remove }) => remove(operation.names));
    case 'mark-packages':
      return markPackages(operation);
    case 'arm':
      return armBody(operation);
    case 'disarm':
      return disarmBody(operation.guard);
    case 'give-back':
      return giveBackBody(operation.guard);
    case 'reboot':
      return rebootBody(operation.boot);
    case 'run':
      return runBody(operation, limits.command);
  }
}

export function operationSeconds(operation: Operation): number {
  if (operation.do === 'run') return secondsOf(operation, limits.command) + 15;
  return operation.do.endsWith('-packages') ? limits.packages : limits.files;
}

/** True for operations whose output people want to follow. */
export function isTalkative(operation: Operation): boolean {
  return operation.do === 'run' || operation.do.endsWith('-packages');
}

/** An operation for people, as what somebody does. */
export function describeOperation(operation: Operation): string {
  switch (operation.do) {
    case 'put-file':
      return `write ${operation.path}`;
    case 'make-directory':
      return `make directory ${operation.path}`;
    case 'make-link':
      return `make link ${operation.path}`;
    case 'keep-copy':
      return `keep a copy of ${operation.path}`;
    case 'put-copy':
      return `put ${operation.path} back`;
    case 'drop-copy':
      return `drop the copy of ${operation.path}`;
    case 'set-attributes':
      return `set owner and mode of ${operation.path}`;
    case 'remove':
      return `remove ${operation.path}`;
    case 'install-packages':
      return `install ${operation.names.join(', ')}`;
    case 'remove-packages':
      return `remove ${operation.names.join(', ')}`;
    case 'mark-packages':
      return `mark ${[...operation.auto, ...operation.manual].join(', ')}`;
    case 'arm':
      return 'keep what is there, to be given back';
    case 'disarm':
      return 'confirm the change';
    case 'give-back':
      return 'have what was there given back';
    case 'reboot':
      return 'restart the host';
    case 'run':
      return `run ${operation.argv[0]}`;
  }
}

function at(path: string): ShellText {
  return quote(checkPath(path));
}

// Of a temporary file: whoever owns the folder must not know it beforehand. Made here, it costs the host no process.
function freshName(): ShellText {
  return quote(randomBytes(15).toString('hex'));
}

function owners(of: { readonly owner?: string; readonly group?: string }): ShellText {
  if (of.owner === undefined && of.group === undefined) return quote('');
  return quote(`${of.owner ?? ''}${of.group === undefined ? '' : `:${of.group}`}`);
}

/** What is longer isn't sent as text of the script: a shell reads that slowly. */
const longestText = 128 * 1024;

/** The content of a large file, which its operation takes when the script comes to it; undefined for all other operations. */
export function operationInput(operation: Operation): Uint8Array | undefined {
  if (operation.do !== 'put-file') return undefined;
  const bytes = contentOf(operation);
  return bytes.length > longestText ? bytes : undefined;
}

function contentOf({ content }: Extract<Operation, { do: 'put-file' }>): Uint8Array {
  const plain = content instanceof Secret ? revealText(content) : content;
  return typeof plain === 'string' ? Buffer.from(plain, 'utf8') : plain;
}

function putFile(operation: Extract<Operation, { do: 'put-file' }>): ShellText {
  const bytes = contentOf(operation);
  const check = operation.validate ? `validate() { ${validation(operation.validate)}; }\n` : '';
  const isLarge = bytes.length > longestText;
  const fill = isLarge ? `fed ${bytes.length}` : printContent(bytes);
  return `${check}fill() { ${fill}; }\nput ${placed(operation)}${isLarge ? ' 7>&1' : ''}`;
}

// Path, owner, mode, and a name beside it that nobody can guess: whoever owns the folder may put something there meanwhile.
function placed(of: { readonly path: string; readonly mode: string; readonly owner: string; readonly group: string }) {
  return `${at(of.path)} ${owners(of)} ${quote(plainMode(of.mode))} ${freshName()}`;
}

// `$temp` is set by `put`; words around it stay quoted.
function validation(argv: readonly string[]): ShellText {
  const words = argv.map((word) => word.split('%s').map(quote).join('"$temp"'));
  return `timeout -k 5 ${limits.files - 20} ${words.join(' ')} </dev/null >&2`;
}

// As `stat` prints it.
function plainMode(mode: string): string {
  return Number.parseInt(mode, 8).toString(8);
}

// One for each path, so that putting one back takes it from nobody else.
function copyName({ path, sha256 }: { readonly path: string; readonly sha256: string }): ShellText {
  return quote(`${createHash('sha256').update(path).digest('hex').slice(0, 16)}-${sha256}`);
}

function markPackages({ auto, manual }: Extract<Operation, { do: 'mark-packages' }>): ShellText {
  return byManager(({ mark }) => {
    const marks = [
      ...(auto.length > 0 ? [mark(auto, 'auto')] : []),
      ...(manual.length > 0 ? [mark(manual, 'manual')] : []),
    ];
    return [...marks, ':'].join(' && ');
  });
}
