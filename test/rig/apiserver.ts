import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeClientAuthority } from './client-certificate.ts';
import { freePort } from './ports.ts';
import { buildPrograms, pathOf } from './programs.ts';
import { until } from './until.ts';

/** One request as the API server's audit log has it. */
export interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly userAgent: string;
}

/** A running API server on loopback, with a store and the controllers that delete things. No nodes, no pods. */
export interface ApiServer {
  /** Context `rig` is the administrator, `stranger` has no rights at all. */
  readonly kubeconfig: string;
  readonly context: 'rig';
  readonly server: string;
  /** What reached the server so far, oldest first. */
  audit(): Promise<readonly AuditEvent[]>;
  /** Runs kubectl as its administrator; `env` may name an editor. */
  kubectl(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts etcd, kube-apiserver and two controllers in a temporary folder with keys of their own; ready in about 6 s.
 * @param more controllers that shall run as well: `deployment-controller`
 */
export async function startApiServer(...more: readonly string[]): Promise<ApiServer> {
  await buildPrograms();
  const folder = await mkdtemp(join(tmpdir(), 'cairn-apiserver-'));
  const running: ChildProcess[] = [];
  const log = join(folder, 'log');
  const run = (program: string, args: readonly string[]): void => {
    const said = openSync(log, 'a');
    running.push(spawn(program, args, { cwd: folder, env: hasty(), stdio: ['ignore', said, said] }));
    closeSync(said);
  };
  const comesUp = (what: string, holds: () => boolean | Promise<boolean>): Promise<void> =>
    until(what, async () => {
      if (running.every(({ exitCode }) => exitCode === null)) return await holds();
      throw new Error(`the API server has ended: ${(await readFile(log, 'utf8')).slice(-2000)}`);
    });
  const stop = async (): Promise<void> => {
    await Promise.all(running.reverse().map(end));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const [etcd, peer, port] = await Promise.all([freePort(), freePort(), freePort()]);
    const token = randomBytes(16).toString('hex');
    const server = `https://127.0.0.1:${port}`;
    await writeKeys(folder, token);
    run(pathOf('etcd'), etcdArgs(folder, `http://127.0.0.1:${etcd}`, `http://127.0.0.1:${peer}`));
    run(pathOf('kube-apiserver'), apiServerArgs(folder, `http://127.0.0.1:${etcd}`, port));
    const kubeconfig = join(folder, 'kubeconfig');
    const kubectl = async (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> => {
      const options = { env: { ...hasty(), ...env, HOME: folder }, maxBuffer: 64 << 20 };
      return (await promisify(execFile)(pathOf('kubectl'), ['--kubeconfig', kubeconfig, ...args], options)).stdout;
    };
    // Written after the certificate, which may be there before it is whole.
    await comesUp("the API server's key", () => existsSync(join(folder, 'apiserver.key')));
    await writeFile(kubeconfig, await kubeconfigText(folder, server, token), { mode: 0o600 });
    await comesUp('the API server', () => answers(kubectl, ['get', '--raw', '/readyz']));
    run(pathOf('kube-controller-manager'), controllerArgs(kubeconfig, more));
    await comesUp('namespace default', () => answers(kubectl, ['get', 'namespace', 'default']));
    const audit = auditOf(folder);
    return { kubeconfig, context: 'rig', server, kubectl, audit: async () => audit(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

// Collecting garbage is a quarter of what they cost in the minute that they live.
function hasty(): NodeJS.ProcessEnv {
  return { ...process.env, GOGC: 'off', GOMEMLIMIT: '1GiB' };
}

async function writeKeys(folder: string, token: string): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const policy =
    'apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules: [{ level: Metadata }]\n';
  await Promise.all([
    writeClientAuthority(folder),
    writeFile(join(folder, 'sa.key'), privateKey, { mode: 0o600 }),
    writeFile(join(folder, 'sa.pub'), publicKey),
    writeFile(join(folder, 'tokens.csv'), `${token},admin,1,system:masters\nstranger,stranger,2\n`, { mode: 0o600 }),
    writeFile(join(folder, 'audit.yaml'), policy),
  ]);
}

function etcdArgs(folder: string, client: string, peer: string): readonly string[] {
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    '--unsafe-no-fsync',
    '--logger=zap',
    '--log-level=error',
  ];
}

function apiServerArgs(folder: string, etcd: string, port: number): readonly string[] {
  return [
    `--etcd-servers=${etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${folder}`,
    `--service-account-key-file=${join(folder, 'sa.pub')}`,
    `--service-account-signing-key-file=${join(folder, 'sa.key')}`,
    '--service-account-issuer=https://rig.invalid',
    `--client-ca-file=${join(folder, 'clients.crt')}`,
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--disable-admission-plugins=ServiceAccount',
    `--audit-policy-file=${join(folder, 'audit.yaml')}`,
    `--audit-log-path=${join(folder, 'audit.log')}`,
    '--endpoint-reconciler-type=none',
  ];
}

const always = [
  'garbage-collector-controller',
  'namespace-controller',
  'persistentvolumeclaim-protection-controller',
  'persistentvolume-protection-controller',
];

function controllerArgs(kubeconfig: string, more: readonly string[]): readonly string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    '--leader-elect=false',
    '--secure-port=0',
    // Unhurried otherwise: a test that deletes much would wait for its requests.
    '--kube-api-qps=1000',
    '--kube-api-burst=2000',
    `--controllers=${[...always, ...more].join(',')}`,
  ];
}

async function kubeconfigText(folder: string, server: string, token: string): Promise<string> {
  const ca = (await readFile(join(folder, 'apiserver.crt'))).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'rig',
    clusters: [{ name: 'rig', cluster: { server, 'certificate-authority-data': ca } }],
    users: [
      { name: 'admin', user: { token } },
      { name: 'stranger', user: { token: 'stranger' } },
    ],
    contexts: [
      { name: 'rig', context: { cluster: 'rig', user: 'admin' } },
      { name: 'stranger', context: { cluster: 'rig', user: 'stranger' } },
    ],
  });
}

/** Reads what the log grew by since the last time: read whole for each question, it is most of what a long suite does. */
function auditOf(folder: string): () => readonly AuditEvent[] {
  const events: AuditEvent[] = [];
  let read = 0;
  return () => {
    const log = openSync(join(folder, 'audit.log'), 'r');
    try {
      const fresh = Buffer.alloc(fstatSync(log).size - read);
      readSync(log, fresh, 0, fresh.length, read);
      const lines = fresh.subarray(0, fresh.lastIndexOf(10) + 1);
      read += lines.length;
      for (const line of lines.toString().split('\n')) if (line !== '') events.push(JSON.parse(line));
      return [...events];
    } finally {
      closeSync(log);
    }
  };
}

async function answers(kubectl: ApiServer['kubectl'], args: readonly string[]): Promise<boolean> {
  return kubectl(args).then(
    () => true,
    () => false,
  );
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await ended;
  clearTimeout(force);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rig = await startApiServer();
  console.log(rig.kubeconfig);
  process.once('SIGTERM', () => void rig.stop());
  process.once('SIGINT', () => void rig.stop());
}
