import type { Source } from '../../model/diagnostic.ts';
import { type Become, becomeMethods } from '../../model/project.ts';
import { Secret } from '../../model/secret.ts';
import { didYouMean } from '../nearest.ts';
import { broken } from '../vars/values.ts';
import type { Files } from '../yaml/files.ts';

/** A host's variables, and where they stand. */
export interface HostVariables {
  value(key: string): unknown;
  place(key: string): Source | undefined;
}

/** Whom to become on a host, by Ansible's variables; null for nobody, undefined where they are wrong, which is noted. */
export function becomeOf(files: Files, host: string, variables: HostVariables): Become | null | undefined {
  const wrong = (key: string, must: string, given: unknown): undefined => {
    const summary = `${key} of ${host} must be ${must}, is ${JSON.stringify(given)}`;
    files.problems.error('wrong-type', summary, variables.place(key));
  };
  const become = variables.value('ansible_become') ?? false;
  if (typeof become !== 'boolean') return wrong('ansible_become', 'true or false', become);
  if (!become) return null;
  const user = variables.value('ansible_become_user') ?? 'root';
  if (typeof user !== 'string' || user === '') return wrong('ansible_become_user', 'a name', user);
  const given = variables.value('ansible_become_method') ?? 'sudo';
  const method = becomeMethods.find((one) => one === given);
  if (!method) {
    const summary = `ansible_become_method of ${host} must be ${becomeMethods.join(', ')}, is ${JSON.stringify(given)}`;
    const help = didYouMean(String(given), becomeMethods);
    files.problems.error('wrong-type', summary, variables.place('ansible_become_method'), help);
    return undefined;
  }
  const password = variables.value('ansible_become_password');
  if (password === undefined) return { method, user };
  if (password === broken) return undefined;
  if (password instanceof Secret) return { method, user, password };
  files.problems.error(
    'plain-secret',
    `ansible_become_password of ${host} stands in plain text`,
    variables.place('ansible_become_password'),
    'write ansible_become_password: !secret env:NAME, file:PATH or age:PATH; or be asked: --ask-become-password',
  );
  return undefined;
}
