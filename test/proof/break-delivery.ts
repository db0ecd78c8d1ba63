import { homedir } from 'node:os';
import { join } from 'node:path';
import { root, run, secretValue } from '../e2e/rig.ts';
import { type Break, breakOf, type Wreck } from './break.ts';
import { admin, demand, heard, patch, restart, scaleToNothing, up } from './wreck.ts';

type Described = readonly [name: string, wreck: Wreck];

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cairn');
const platform = 'playbooks/platform.yaml';
const replaced = (path: string, value: unknown) => [{ op: 'replace', path, value }];
const portOf = (path: string, value: unknown) => replaced(`/spec/ports/0/${path}`, value);

/** Writes one value of a Secret, in plain text. */
function conceal(namespace: string, name: string, key: string, value: string): Promise<string> {
  return patch(namespace, `secret/${name}`, { stringData: { [key]: value } });
}

const node: readonly Described[] = [
  ['the node has forgotten the registry', { break: () => registryInNode('remove') }],
  ['the node trusts another authority for the registry', { break: () => registryInNode('put', 'nobody\n') }],
];

const registry: readonly Described[] = [
  ['the registry is down', { break: () => scaleToNothing('registry', 'registry') }],
  [
    "the registry's password was changed in its Secret alone",
    { break: () => conceal('registry', 'registry-login', 'password', 'another-one-of-some-length') },
  ],
  [
    'pods pull with a wrong login',
    {
      break: () =>
        conceal(
          'registry',
          'registry-pull',
          '.dockerconfigjson',
          JSON.stringify({ auths: { 'registry.cairn.localhost': { username: 'cairn', password: 'wrong' } } }),
        ),
    },
  ],
  [
    "the registry's route is for another host",
    {
      async break() {
        await patch('registry', 'httproute/registry', { spec: { hostnames: ['other.cairn.localhost'] } });
        await heard();
      },
    },
  ],
];

const git: readonly Described[] = [
  ['the Git server is down', { break: () => scaleToNothing('git', 'git') }],
  [
    "clients know another key of the Git server's",
    {
      break: async () =>
        patch('git', 'configmap/git-known-hosts', { data: { ssh_known_hosts: await strangersLine() } }),
    },
  ],
  [
    'the Git server lets nobody in',
    {
      async break() {
        await patch('git', 'configmap/git-authorized-keys', { data: { authorized_keys: '# nobody\n' } });
        await restart('git', 'git');
      },
      // a mounted file follows within a minute or two, unless its pod is made anew
      async undo() {
        await up(platform, 'platform/65');
        await restart('git', 'git');
      },
    },
  ],
  [
    'a repository is gone from the Git server',
    {
      break: () => inGit('mv /srv/git/thinkube /srv/git/.away'),
      undo: () => inGit('mv /srv/git/.away /srv/git/thinkube'),
    },
  ],
  [
    "the Git server's Service leads to another port",
    { break: () => patch('git', 'service/git', portOf('targetPort', 2223), 'json') },
  ],
];

const store: readonly Described[] = [
  ['the object store is down', { break: () => scaleToNothing('minio', 'minio') }],
  [
    "the object store's password was changed in its Secret alone",
    {
      break: () => conceal('minio', 'minio-login', 'password', 'another-one-of-some-length'),
      undo: () => up(platform, 'platform/70,75'),
    },
  ],
];

const workflows: readonly Described[] = [
  ['the controller of workflows is down', { break: () => scaleToNothing('argo', 'workflow-controller') }],
  [
    'workflows come to the object store with a wrong password',
    { break: () => conceal('argo', 'argo-artifacts', 'password', 'wrong') },
  ],
  [
    'the pods of workflows may not tell how it went',
    { break: () => patch('argo', 'role/argo-executor', replaced('/rules/0/verbs', ['get']), 'json') },
  ],
];

const delivery: readonly Described[] = [
  ["Argo CD's controller is down", { break: stopController }],
  ['Argo CD fetches no repository', { break: () => scaleToNothing('argocd', 'argocd-repo-server') }],
  [
    'Argo CD comes to the Git server with a key that is not let in',
    {
      break: async () =>
        conceal('argocd', 'git-server', 'sshPrivateKey', await secretValue('git', 'git-host-key', 'ssh-privatekey')),
    },
  ],
  [
    "Argo CD's project allows no place to deploy to",
    { break: () => patch('argocd', 'appproject/default', replaced('/spec/destinations', []), 'json') },
  ],
];

const described: readonly (readonly [step: string, breaks: readonly Described[]])[] = [
  ['platform/58_registry_node', node],
  ['platform/60_registry', registry],
  ['platform/65_git', git],
  ['platform/70_object_store', store],
  ['platform/75_argo_workflows', workflows],
  ['platform/80_argo_cd', delivery],
];

/** What can go wrong with what images and commits go through. */
export const deliveryBreaks: readonly Break[] = described.flatMap(([step, breaks]) =>
  breaks.map(([name, wreck]) => breakOf('platform', step, name, wreck)),
);

async function registryInNode(what: 'put' | 'remove', certificate = ''): Promise<void> {
  const script = join(root, 'roles/registry/files/node.sh');
  const words = [script, what, join(root, 'roles/kind/files'), cache, 'cairn', 'registry.cairn.localhost'];
  demand(await run('sh', ['-c', 'printf %s "$0" | sh "$@"', certificate, ...words]));
}

function inGit(command: string): Promise<string> {
  return admin('-n', 'git', 'exec', 'deployment/git', '--', 'sh', '-c', command);
}

// The server's name with the public half of a key that is not the server's.
export async function strangersLine(): Promise<string> {
  return `git.git.svc.cluster.local ${await secretValue('git', 'git-deploy-key', 'ssh-publickey')}\n`;
}

async function stopController(): Promise<void> {
  await admin('-n', 'argocd', 'scale', 'statefulset/argocd-application-controller', '--replicas=0');
  const pods = ['pod', '-l', 'app.kubernetes.io/name=argocd-application-controller'];
  await admin('-n', 'argocd', 'wait', '--for=delete', ...pods, '--timeout=60s');
}
