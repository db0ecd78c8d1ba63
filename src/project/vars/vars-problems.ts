import { join } from 'node:path';
import type { ErrorObject } from 'ajv';
import type { Source } from '../../model/diagnostic.ts';
import { isSecretSchema, roleOf } from '../../model/role.ts';
import { didYouMean } from '../nearest.ts';
import { type Files, shown } from '../yaml/files.ts';
import { keyPlace, nodeAt } from '../yaml/node.ts';
import { wordsOf } from './schema-words.ts';
import { at } from './secret-places.ts';
import type { Values } from './values.ts';

type Path = readonly string[];

/** Where the variables of a step come from. */
export interface VarsOrigin {
  /** Where to point when a variable stands nowhere: the component in its playbook. */
  readonly place: Source;
  /** The inventory, for people. */
  readonly inventory: string;
}

/** Where in the checked value an error is. */
export function pathOf({ instancePath }: ErrorObject): Path {
  return instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export interface Wrong {
  readonly error: ErrorObject;
  readonly raw: unknown;
  /** What a path is called in the inventory. */
  readonly name: (path: Path) => Path;
  readonly values: Values;
  readonly origin: VarsOrigin;
}

/** Notes what a schema found wrong, where the value was written. */
export function report(files: Files, wrong: Wrong): void {
  const { error, name, values } = wrong;
  const path = pathOf(error);
  const params = error.params as { missingProperty?: string; additionalProperty?: string };
  if (params.missingProperty !== undefined) {
    reportMissing(files, wrong, name([...path, params.missingProperty]));
    return;
  }
  if (params.additionalProperty !== undefined) {
    const full = name([...path, params.additionalProperty]);
    const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
    const role = roleOf(error.parentSchema ?? {});
    const where = role && shown(files, join(role.folder, 'index.ts'));
    const summary = `unknown key "${params.additionalProperty}" in ${name(path).join('.')}`;
    files.problems.error(
      'unknown-key',
      summary,
      keyPlace(values.tree, full),
      didYouMean(params.additionalProperty, known, where),
    );
    return;
  }
  const full = name(path);
  const source = nodeAt(values.tree, full)?.source ?? keyPlace(values.tree, full);
  const isSecret = isSecretSchema(error.parentSchema);
  const is = isSecret ? '[secret]' : JSON.stringify(at(wrong.raw, path));
  const code = error.keyword === 'type' ? 'wrong-type' : 'invalid-value';
  files.problems.error(code, `${full.join('.')} ${wordsOf(error)}, is ${is}`, source);
}

function reportMissing(files: Files, { values, origin, error }: Wrong, path: Path): void {
  const holder = nodeAt(values.tree, path.slice(0, -1));
  const isWritten = path.length > 1 && holder !== undefined && holder.layer !== 'default';
  const source = isWritten ? keyPlace(values.tree, path.slice(0, -1)) : origin.place;
  const missing = path.at(-1) ?? '';
  const inner = (error.parentSchema as { properties?: Record<string, { description?: string }> } | undefined)
    ?.properties?.[missing];
  const what = inner?.description === undefined ? '' : ` (${inner.description})`;
  const help = `set it in ${origin.inventory}/group_vars/all.yaml or in the playbook`;
  files.problems.error('missing-variable', `${path.join('.')} is not set${what}`, source, help);
}
