import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Static, type TObject, type TProperties, Object as TypeObject } from 'typebox';
import { type Deferred, derive, isDeferred } from '../model/deferred.ts';
import { CairnError, problem } from '../model/diagnostic.ts';
import { namespaceOf, roleOptions } from '../model/role.ts';
import { reveal, Secret } from '../model/secret.ts';
import { follow } from './lookup.ts';
import { renderText } from './render.ts';
import { parseTemplate } from './template.ts';
import { TemplateError } from './template-error.ts';

type HoldsLater<X> = X extends Secret | Deferred<unknown>
  ? true
  : X extends object
    ? true extends { [K in keyof X]: HoldsLater<X[K]> }[keyof X]
      ? true
      : false
    : false;

/** What `template` gives: text; where its data is known later or secret, so is the text. */
export type Rendered<D> = true extends HoldsLater<D> ? ReturnType<typeof derive<readonly [D], string>> : string;

/** A role as its `index.ts` sees it. */
export interface Role<P extends TProperties> {
  /** The key of its variables: the last segment of its folder, in camelCase. */
  readonly name: string;
  /** The schema of its variables. A step that takes it gets them with the role's `defaults.yaml` beneath. */
  readonly vars: TObject<P>;
  /** Fills in `templates/PATH`. @throws CairnError where the template is wrong or a variable is missing */
  template<const D extends object = Record<never, never>>(path: string, data?: D): Rendered<D>;
  /** The absolute path of `files/PATH`. */
  file(path: string): string;
  /** The text of `files/PATH`. @throws CairnError `file-missing` */
  read(path: string): string;
}

/** The values of a role's variables. */
export type VarsOf<R extends { readonly vars: TObject }> = Static<R['vars']>;

/**
 * Declares a role: call it once, in `roles/NAME/index.ts`.
 * @param meta the role's `import.meta`: its folder is found by it
 * @param shape the role's variables, as TypeBox properties
 */
export function role<const P extends TProperties>(meta: { readonly url: string }, shape: P): Role<P> {
  const folder = dirname(fileURLToPath(meta.url));
  return {
    name: namespaceOf(folder),
    vars: TypeObject(shape, roleOptions(folder)),
    template: (path, data) => fillFile(join(folder, 'templates', path), data ?? {}) as never,
    file: (path) => join(folder, 'files', path),
    read: (path) => readText(join(folder, 'files', path)),
  };
}

function fillFile(file: string, data: object): unknown {
  const text = readText(file);
  if (holdsLater(data)) return derive([data] as const, (known) => fill(file, text, known));
  return fill(file, text, data);
}

function fill(file: string, text: string, data: object): string {
  try {
    const filled = renderText(parseTemplate(text), (path) => follow(data, path));
    return filled instanceof Secret ? reveal(filled) : filled;
  } catch (error) {
    throw error instanceof TemplateError ? inFile(error, file) : error;
  }
}

function inFile({ code, message, at, help }: TemplateError, file: string): CairnError {
  const source = { file, line: at.line, column: at.column + 1 };
  return new CairnError(problem(code, message, { source, ...(help === undefined ? {} : { help }) }));
}

function holdsLater(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return value instanceof Secret || isDeferred(value) || Object.values(value).some(holdsLater);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new CairnError(
      problem('file-missing', `${file} can't be read`, {
        help: 'a role keeps templates/ and files/ beside its index.ts',
      }),
    );
  }
}
