import type { HostTarget } from '../../model/project.ts';
import { Secret } from '../../model/secret.ts';
import { didYouMean } from '../nearest.ts';
import { broken } from '../vars/values.ts';
import { type Files, pathFrom } from '../yaml/files.ts';
import type { HostVariables } from './become.ts';

/** Variables that say how a host is reached by SSH, as Ansible calls them, and what each must be. */
const shapes = {
  ansible_host: 'text',
  ansible_port: 'port',
  ansible_user: 'text',
  ansible_ssh_private_key_file: 'path',
  ansible_password: 'secret',
  ansible_ssh_private_key_passphrase: 'secret',
} as const;

type Variable = keyof typeof shapes;

/** Names of variables that are about the way to a host, not about what stands on it. */
export const connectionVariables: readonly string[] = [
  'ansible_connection',
  'ansible_become',
  'ansible_become_user',
  'ansible_become_method',
  'ansible_become_password',
  'ansible_group_priority',
  ...Object.keys(shapes),
];

/** How a host is reached; null where its variables don't say it well, which is noted. */
export function connectionOf(
  files: Files,
  host: string,
  variables: HostVariables,
): Pick<HostTarget, 'connection' | 'ssh'> | null {
  const connection = variables.value('ansible_connection') ?? (host === 'localhost' ? 'local' : 'ssh');
  if (connection === 'local') return { connection };
  if (connection !== 'ssh') {
    const summary = `the connection "${String(connection)}" of ${host} is not supported`;
    const help = didYouMean(String(connection), ['local', 'ssh']) ?? 'there are local and ssh';
    files.problems.error('connection-unsupported', summary, variables.place('ansible_connection'), help);
    return null;
  }
  const of = (key: Variable): unknown => givenFor(files, host, { key, variables });
  const ssh = {
    host: of('ansible_host'),
    port: of('ansible_port'),
    user: of('ansible_user'),
    key: of('ansible_ssh_private_key_file'),
    password: of('ansible_password'),
    passphrase: of('ansible_ssh_private_key_passphrase'),
  };
  const given = Object.entries(ssh).filter(([, value]) => value !== undefined);
  return given.some(([, value]) => value === broken) ? null : { connection, ssh: Object.fromEntries(given) };
}

const wishes = {
  text: 'a text',
  path: 'a path',
  port: 'a port, 1 to 65535',
  secret: 'a !secret, so that it is never shown',
} as const;

interface Asked {
  readonly key: Variable;
  readonly variables: HostVariables;
}

function givenFor(files: Files, host: string, { key, variables }: Asked): unknown {
  const value = variables.value(key);
  if (value === undefined || value === broken) return value;
  const shape = shapes[key];
  if (isShaped(value, shape)) return shape === 'path' ? pathFrom(files, String(value)) : value;
  files.problems.error('wrong-type', `${key} of ${host} must be ${wishes[shape]}`, variables.place(key));
  return broken;
}

function isShaped(value: unknown, shape: keyof typeof wishes): boolean {
  if (shape === 'secret') return value instanceof Secret;
  if (shape === 'port') return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65_535;
  return typeof value === 'string' && value !== '';
}
