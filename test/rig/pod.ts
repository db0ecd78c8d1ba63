import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { PodWay } from '../../src/model/project.ts';

const state = process.env.XDG_STATE_HOME ?? join(homedir(), '.local/state');
const kubeconfig = join(state, 'cairn/kind/kubeconfig');
const programs = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cairn/bin');

/** Why no pod can be had here, or null: the throw-away cluster is only borrowed where that is wanted. */
export function whyNoPod(): string | null {
  if (process.env.CAIRN_TEST_CLUSTER !== '1')
    return 'skipped: CAIRN_TEST_CLUSTER=1 makes pods in the throw-away cluster';
  return existsSync(kubeconfig) ? null : 'skipped: there is no throw-away cluster; cairn cluster up makes it';
}

/** A pod of a namespace of its own that does nothing, with the means to look into it that aren't Cairn's. */
export interface TestPod {
  readonly way: PodWay;
  /** Runs a script in it, and gives what it prints. */
  sh(script: string, args?: readonly string[], input?: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startPod(): Promise<TestPod> {
  const namespace = `cairn-test-pod-${process.pid}-${Date.now()}`;
  await kubectl(['create', 'namespace', namespace]);
  const way: PodWay = {
    cluster: { kind: 'cluster', name: 'cairn', kubeconfig, context: 'kind-cairn' },
    namespace,
    name: 'idle',
  };
  await kubectl(['apply', '-n', namespace, '-f', '-'], JSON.stringify(podOf(await imageThere())));
  await kubectl(['wait', '-n', namespace, 'pod/idle', '--for=condition=Ready', '--timeout=120s']);
  return {
    way,
    sh: (script, args = [], input = '') =>
      kubectl(['exec', '-i', '-n', namespace, 'idle', '--', 'sh', '-c', script, 'sh', ...args], input),
    stop: async () => void (await kubectl(['delete', 'namespace', namespace, '--wait=false'])),
  };
}

// Any image with a shell that the node has already: here none can be pulled.
async function imageThere(): Promise<string> {
  const names = await kubectl(['get', 'nodes', '-o', 'jsonpath={.items[*].status.images[*].names[*]}']);
  const image = names.split(' ').find((name) => name.startsWith('localhost/cairn/devpi:'));
  if (image === undefined) throw new Error('the node has no image with a shell: npm start brings one');
  return image;
}

function podOf(image: string): object {
  const idle = {
    name: 'idle',
    image,
    imagePullPolicy: 'Never',
    command: ['sleep', 'infinity'],
    securityContext: { runAsUser: 0 },
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'idle' },
    spec: { terminationGracePeriodSeconds: 0, automountServiceAccountToken: false, containers: [idle] },
  };
}

function kubectl(words: readonly string[], input = ''): Promise<string> {
  const program = readdirSync(programs).find((name) => name.startsWith('kubectl-'));
  const child = spawn(join(programs, program ?? 'kubectl'), ['--kubeconfig', kubeconfig, ...words]);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) =>
      status === 0 ? resolve(out) : reject(new Error(`kubectl ${words[0]} ended with ${status}: ${err}`)),
    );
  });
}
