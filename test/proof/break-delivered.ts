import { type Break, breakOf, type Wreck } from './break.ts';
import { strangersLine } from './break-delivery.ts';
import { admin, patch, recontain, restart, rolledOut, up } from './wreck.ts';
import { application, pause, says } from './wreck-argo-cd.ts';

const platform = 'playbooks/platform.yaml';

const described: readonly (readonly [name: string, wreck: Wreck])[] = [
  [
    'Argo CD is told to leave what is changed by hand',
    { break: () => patch('argocd', application, { spec: { syncPolicy: { automated: { selfHeal: false } } } }) },
  ],
  [
    'Argo CD no longer syncs by itself, and devpi runs a stale image',
    {
      async break() {
        await pause();
        await recontain('devpi', 'devpi', 'image', await builtOnThisMachine());
      },
    },
  ],
  [
    'Argo CD no longer syncs by itself, and devpi runs without its claim',
    {
      async break() {
        await pause();
        const value = [{ op: 'replace', path: '/spec/template/spec/volumes/0', value: { name: 'data', emptyDir: {} } }];
        await patch('devpi', 'deployment/devpi', value, 'json');
        await rolledOut('devpi', 'devpi');
        await says('OutOfSync');
      },
    },
  ],
  [
    "Argo CD no longer syncs by itself, and somebody changed devpi's Service",
    {
      async break() {
        await pause();
        await patch('devpi', 'service/devpi', { spec: { selector: { app: 'nobody' } } });
        await says('OutOfSync');
      },
    },
  ],
  [
    'Argo CD knows another key of the Git server',
    {
      async break() {
        const data = { ssh_known_hosts: await strangersLine() };
        await patch('argocd', 'configmap/argocd-ssh-known-hosts-cm', { data });
        await restart('argocd', 'argocd-repo-server');
        await says('Unknown');
      },
      // its server starts anew with what it reads at its start
      undo: () => platformAgain('platform/80'),
    },
  ],
  [
    'the key by which Argo CD fetches is no longer let in',
    {
      async break() {
        await patch('git', 'configmap/git-authorized-keys', { data: { authorized_keys: '# nobody\n' } });
        await restart('git', 'git');
        await says('Unknown');
      },
      async undo() {
        await up(platform, 'platform/65');
        // a mounted file follows within a minute or two, unless its pod is made anew
        await restart('git', 'git');
        await says('Synced');
      },
    },
  ],
  [
    'somebody took the Application away, and what it deployed went with it',
    { break: () => admin('-n', 'argocd', 'delete', application, '--timeout=90s') },
  ],
];

/** What can go wrong where Argo CD delivers the index. */
export const deliveredBreaks: readonly Break[] = described.map(([name, wreck]) =>
  breakOf('devpi', 'devpi/70_deploy_devpi', name, wreck),
);

async function platformAgain(step: string): Promise<void> {
  await up(platform, step);
  await says('Synced');
}

// The image that the node has without any registry.
async function builtOnThisMachine(): Promise<string> {
  const names = await admin('get', 'nodes', '-o', 'jsonpath={.items[0].status.images[*].names[*]}');
  return names.split(/\s+/).find((name) => name.startsWith('localhost/cairn/devpi:')) ?? '';
}
