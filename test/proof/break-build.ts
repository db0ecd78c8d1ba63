import { secretValue } from '../e2e/rig.ts';
import { type Break, breakOf, type Wreck } from './break.ts';
import { admin, patch, scaleToNothing, up } from './wreck.ts';

type Described = readonly [name: string, wreck: Wreck];

const devpi = 'playbooks/devpi.yaml';
const platform = 'playbooks/platform.yaml';
const component = 'manifests/image/kustomization.yaml';
const step = 'devpi/60_build_workflow';

const builds: readonly Described[] = [
  [
    'the builder has no login to the registry',
    {
      break: () =>
        patch('argo', 'secret/devpi-build-registry', { stringData: { '.dockerconfigjson': '{"auths":{}}' } }),
    },
  ],
  [
    'the builder has an old password of the registry',
    {
      break: () =>
        patch('argo', 'secret/devpi-build-registry', {
          stringData: {
            '.dockerconfigjson': JSON.stringify({
              auths: { 'registry.cairn.localhost': { username: 'cairn', password: 'of-last-year' } },
            }),
          },
        }),
    },
  ],
  [
    'the deploy key is no longer let in',
    {
      async break() {
        await patch('git', 'configmap/git-authorized-keys', { data: { authorized_keys: '# nobody\n' } });
        await admin('-n', 'git', 'rollout', 'restart', 'deployment/git');
        await admin('-n', 'git', 'rollout', 'status', 'deployment/git', '--timeout=90s');
      },
      async undo() {
        await up(platform, 'platform/65');
        await admin('-n', 'git', 'rollout', 'restart', 'deployment/git');
        await admin('-n', 'git', 'rollout', 'status', 'deployment/git', '--timeout=90s');
      },
    },
  ],
  [
    'builds come with a key that was never let in',
    {
      break: async () =>
        patch('argo', 'secret/devpi-build-key', {
          stringData: { 'ssh-privatekey': await secretValue('git', 'git-host-key', 'ssh-privatekey') },
        }),
    },
  ],
  [
    "builds know another key of the Git server's",
    {
      break: async () =>
        patch('argo', 'configmap/devpi-build-known-hosts', {
          data: {
            ssh_known_hosts: `git.git.svc.cluster.local ${await secretValue('git', 'git-deploy-key', 'ssh-publickey')}\n`,
          },
        }),
    },
  ],
  [
    'the template builds another branch',
    {
      async break() {
        const found = JSON.parse(await admin('-n', 'argo', 'get', 'workflowtemplate/devpi-build', '-o', 'json')) as {
          readonly spec: {
            readonly templates: readonly { readonly name: string; container?: { command: string[] } }[];
          };
        };
        const templates = found.spec.templates.map(({ name, container, ...rest }) =>
          name === 'look' && container
            ? { name, ...rest, container: { ...container, command: container.command.with(6, 'elsewhere') } }
            : { name, ...rest, ...(container ? { container } : {}) },
        );
        await patch('argo', 'workflowtemplate/devpi-build', { spec: { templates } });
      },
    },
  ],
  [
    'the account of builds may not tell how it went',
    { break: () => admin('-n', 'argo', 'delete', 'rolebinding/kaniko-builder') },
  ],
  ['the clock is suspended', { break: () => patch('argo', 'cronworkflow/devpi-build', { spec: { suspend: true } }) }],
  ['nobody hears of pushes', { break: () => scaleToNothing('argo', 'devpi-build') }],
  [
    'what hears of pushes knows another signature',
    {
      async break() {
        await patch('argo', 'secret/devpi-build-webhook', { stringData: { secret: 'another' } });
        await admin('-n', 'argo', 'rollout', 'restart', 'deployment/devpi-build');
        await admin('-n', 'argo', 'rollout', 'status', 'deployment/devpi-build', '--timeout=90s');
      },
      undo: () => up(devpi, step),
    },
  ],
  [
    'the branch names a tag that no image has',
    {
      // with the tree that was built, so that no build puts it right
      break: () => inBranch(`sed -i 's/newTag: [0-9]*-[0-9]*-/newTag: 19700101-000000-/' ${component}`),
      undo: () => inBranch('git revert --no-edit --no-commit HEAD'),
    },
  ],
];

/** What can go wrong with how a commit becomes an image. */
export const buildBreaks: readonly Break[] = builds.map(([name, wreck]) => breakOf('devpi', step, name, wreck));

// A commit of a person who has the repository before them.
function inBranch(change: string): Promise<string> {
  const commit = [
    'rm -rf /tmp/break',
    'git clone --quiet /srv/git/thinkube/devpi-deployment.git /tmp/break',
    'cd /tmp/break',
    'export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@a GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@a',
    change,
    'git commit --quiet --all --message "by hand"',
    'git push --quiet origin HEAD:main',
    'rm -rf /tmp/break',
  ].join(' && ');
  return admin('-n', 'git', 'exec', 'deployment/git', '--', 'sh', '-c', commit);
}
