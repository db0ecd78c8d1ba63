import type { Source } from '../../model/diagnostic.ts';
import type { HostTarget, PodWay, SshWay } from '../../model/project.ts';
import { Secret } from '../../model/secret.ts';
import { didYouMean } from '../nearest.ts';
import { broken } from '../vars/values.ts';
import { type Files, pathFrom } from '../yaml/files.ts';
import type { HostVariables } from './become.ts';
import type { Inventory } from './inventory.ts';

/** Variables that say how a host is reached, as Ansible calls them, and what each must be; the cluster is one of clusters.yaml. */
const shapes = {
  ansible_host: 'text',
  ansible_port: 'port',
  ansible_user: 'text',
  ansible_ssh_private_key_file: 'path',
  ansible_password: 'secret',
  ansible_ssh_private_key_passphrase: 'secret',
  ansible_kubectl_cluster: 'text',
  ansible_kubectl_namespace: 'text',
  ansible_kubectl_pod: 'text',
  ansible_kubectl_container: 'text',
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

const connections = ['local', 'ssh', 'kubernetes'];

/** Where a way to a host is looked up. */
export interface Around {
  readonly files: Files;
  readonly inventory: Inventory;
}

/** How a host is reached; null where its variables don't say it well, which is noted. */
export function connectionOf(
  { files, inventory }: Around,
  host: string,
  variables: HostVariables,
): Pick<HostTarget, 'connection' | 'ssh' | 'pod'> | null {
  const connection = variables.value('ansible_connection') ?? (host === 'localhost' ? 'local' : 'ssh');
  const of = (key: Variable): unknown => givenFor(files, host, { key, variables });
  switch (connection) {
    case 'local':
      return { connection: 'local' };
    case 'ssh': {
      const ssh = sshOf(of);
      return ssh && { connection: 'ssh', ssh };
    }
    case 'kubernetes':
    case 'kubectl':
    case 'kubernetes.core.kubectl': {
      const pod = podOf({ files, inventory }, host, { of, place: variables.place('ansible_connection') });
      return pod && { connection: 'kubernetes', pod };
    }
    default: {
      const summary = `the connection "${String(connection)}" of ${host} is not supported`;
      const help = didYouMean(String(connection), connections) ?? 'there are local, ssh and kubernetes';
      files.problems.error('connection-unsupported', summary, variables.place('ansible_connection'), help);
      return null;
    }
  }
}

type Given = (key: Variable) => unknown;

function sshOf(of: Given): SshWay | null {
  return whole<SshWay>({
    host: of('ansible_host'),
    port: of('ansible_port'),
    user: of('ansible_user'),
    key: of('ansible_ssh_private_key_file'),
    password: of('ansible_password'),
    passphrase: of('ansible_ssh_private_key_passphrase'),
  });
}

function podOf(
  { files, inventory }: Around,
  host: string,
  { of, place }: { readonly of: Given; readonly place: Source | undefined },
): PodWay | null {
  const name = of('ansible_kubectl_cluster');
  if (name === broken) return null;
  const clusters = [...inventory.clusters.keys()];
  const found = name === undefined && clusters.length === 1 ? clusters[0] : name;
  const cluster = inventory.clusters.get(String(found))?.target;
  if (!cluster) {
    const [summary, help] =
      found === undefined
        ? [`${host} doesn't say which cluster it is in`, 'set ansible_kubectl_cluster to a name of clusters.yaml']
        : [`the cluster "${String(found)}" of ${host} is not in clusters.yaml`, didYouMean(String(found), clusters)];
    files.problems.error('unknown-cluster', summary, place, help);
    return null;
  }
  return whole<PodWay>({
    cluster,
    namespace: of('ansible_kubectl_namespace') ?? 'default',
    name: of('ansible_kubectl_pod') ?? host,
    container: of('ansible_kubectl_container'),
  });
}

// What wasn't said is left out; null where something of it is wrong, which is noted already.
function whole<T>(fields: { readonly [Key in keyof T]: unknown }): T | null {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return given.some(([, value]) => value === broken) ? null : (Object.fromEntries(given) as T);
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
