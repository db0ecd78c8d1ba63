import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { passwordFile, secretValue } from '../e2e/rig.ts';
import { type Break, breakOf, type Wreck } from './break.ts';
import { admin, argsOf, devpi, gone, heard, patch, recontain, redis, restart, scaleToNothing } from './wreck.ts';
import { unhealed } from './wreck-argo-cd.ts';

type Described = readonly [name: string, wreck: Wreck];

const nobody = { spec: { selector: { 'app.kubernetes.io/name': 'nobody' } } };
const restartRedis = (): Promise<void> => restart('devpi', 'redis');

const account: readonly Described[] = [
  [
    "the workloads' account may do everything, by a binding that nobody declared",
    {
      break: () =>
        admin('create', 'clusterrolebinding', 'wide', '--clusterrole=cluster-admin', '--serviceaccount=devpi:devpi'),
      undo: () => admin('delete', 'clusterrolebinding', 'wide'),
    },
  ],
  [
    "the workloads' role also reads Secrets",
    {
      break: () =>
        patch(
          'devpi',
          'role/devpi',
          [{ op: 'add', path: '/rules/-', value: { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'] } }],
          'json',
        ),
    },
  ],
];

const sessions: readonly Described[] = [
  ['Redis was told to ask for no password', { break: () => redis("config set requirepass ''"), undo: restartRedis }],
  [
    'Redis was told another password than its Secret holds',
    { break: () => redis('config set requirepass another'), undo: restartRedis },
  ],
  [
    'Redis was started with settings that lack the password',
    {
      async break() {
        const settings = await secretValue('devpi', 'redis-settings', 'redis.conf');
        const open = settings.replace(/^requirepass .*\n/m, '');
        await patch('devpi', 'secret/redis-settings', { stringData: { 'redis.conf': open } });
        await restartRedis();
      },
    },
  ],
  [
    'Redis is deleted',
    {
      async break() {
        await admin('-n', 'devpi', 'delete', 'deployment/redis');
        await gone('devpi', 'redis');
      },
    },
  ],
  ['Redis is scaled to 0', { break: () => scaleToNothing('devpi', 'redis') }],
  ["Redis's Service selects nobody", { break: () => patch('devpi', 'service/redis', nobody) }],
  ["Redis's NetworkPolicy is removed", { break: () => admin('-n', 'devpi', 'delete', 'networkpolicy/redis') }],
  [
    "Redis's NetworkPolicy admits everyone",
    { break: () => patch('devpi', 'networkpolicy/redis', { spec: { ingress: [{}] } }) },
  ],
];

const server: readonly Described[] = [
  ["devpi's Service selects nobody", { break: () => patch('devpi', 'service/devpi', nobody) }],
  [
    "devpi's Service leads to a port where nobody listens",
    {
      break: () =>
        patch('devpi', 'service/devpi', [{ op: 'replace', path: '/spec/ports/0/targetPort', value: 3142 }], 'json'),
    },
  ],
  [
    "devpi's Service listens on another port",
    {
      break: () => patch('devpi', 'service/devpi', [{ op: 'replace', path: '/spec/ports/0/port', value: 80 }], 'json'),
    },
  ],
  ['devpi is scaled to 0', { break: () => scaleToNothing('devpi', 'devpi') }],
  [
    'devpi is to run an image that does not exist',
    {
      async break() {
        const image = 'registry.invalid/devpi:none';
        const value = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: image }];
        await patch('devpi', 'deployment/devpi', value, 'json');
        await admin('-n', 'devpi', 'wait', 'deployment/devpi', '--for=condition=Available=false', '--timeout=60s');
      },
    },
  ],
  [
    'devpi believes that it is reached elsewhere',
    {
      async break() {
        const args = await argsOf('devpi', 'devpi');
        const elsewhere = args.map((arg) => (arg.startsWith('https://') ? 'https://elsewhere.example.org' : arg));
        await recontain('devpi', 'devpi', 'args', elsewhere);
      },
    },
  ],
];

const way: readonly Described[] = [
  [
    "the API host's route leads to Redis",
    {
      async break() {
        const value = [{ op: 'replace', path: '/spec/rules/0/backendRefs/0', value: { name: 'redis', port: 6379 } }];
        await patch('devpi', 'httproute/devpi-api', value, 'json');
        await heard();
      },
    },
  ],
  [
    "the API host's route is for another name",
    {
      async break() {
        await patch('devpi', 'httproute/devpi-api', { spec: { hostnames: ['other.cairn.localhost'] } });
        await heard();
      },
    },
  ],
];

const index: readonly Described[] = [
  ['the index has lost its base', { break: () => devpi('/root/prod', ['bases=']) }],
  ['anyone may upload', { break: () => devpi('/root/prod', ['acl_upload=:ANONYMOUS:']) }],
  ['releases may be overwritten', { break: () => devpi('/root/prod', ['volatile=True']) }],
  [
    'the mirror fetches the names of all projects',
    { break: () => devpi('/root/pypi', ['mirror_no_project_list=False']) },
  ],
  ["the uploader's password was changed", { break: () => devpi('/admin', { password: 'another-one' }) }],
  [
    "root's password was changed",
    {
      break: () => devpi('/root', { password: 'another-one' }),
      async undo() {
        await admin('-n', 'devpi', 'exec', 'deployment/devpi', '--', 'rm', '/data/server/.root');
        await restart('devpi', 'devpi');
      },
    },
  ],
  [
    "a route that nobody declared takes pip's pages",
    {
      async break() {
        await apply(thief);
        await heard();
      },
      async undo() {
        await admin('-n', 'devpi', 'delete', 'httproute/thief');
        await heard();
      },
    },
  ],
];

const thief = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { namespace: 'devpi', name: 'thief' },
  spec: {
    parentRefs: [{ name: 'gateway', namespace: 'gateway', sectionName: 'https' }],
    hostnames: ['devpi-api.cairn.localhost'],
    rules: [
      {
        matches: [{ path: { type: 'PathPrefix', value: '/root/prod/+simple' } }],
        backendRefs: [{ name: 'redis', port: 6379 }],
      },
    ],
  },
};

const files: readonly Described[] = [
  ["everybody on this machine may read the uploader's password", { break: async () => chmodSync(passwordFile, 0o644) }],
  ["the uploader's password file holds another one", { break: async () => writeFileSync(passwordFile, 'another-one') }],
];

async function apply(object: unknown): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-break-'));
  const file = join(folder, 'object.json');
  writeFileSync(file, JSON.stringify(object));
  await admin('apply', '-f', file).finally(() => rmSync(folder, { recursive: true }));
}

const bySteps = {
  'devpi/10_namespace': account,
  'devpi/30_redis': sessions,
  'devpi/70_deploy_devpi': server.map(([name, wreck]): Described => [name, unhealed(wreck)]),
  'devpi/80_ingress': way,
  'devpi/82_index': index,
  'devpi/84_password_file': files,
};

/** What can go wrong with the index. */
export const devpiBreaks: readonly Break[] = Object.entries(bySteps).flatMap(([step, described]) =>
  described.map(([name, wreck]) => breakOf('devpi', step, name, wreck)),
);
