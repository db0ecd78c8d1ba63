import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openKeycloak } from '../../src/connect/keycloak/open.ts';
import type { KeycloakWriter } from '../../src/model/keycloak.ts';
import { reveal } from '../../src/model/secret.ts';
import { type Ran, run } from '../cli/rig.ts';
import { handsOf } from '../contract/kubernetes/hands.ts';
import { envOf } from '../project/rig.ts';
import type { ApiServer } from '../rig/apiserver.ts';
import { folderOf } from '../rig/folder.ts';
import type { Keycloak } from '../rig/keycloak.ts';
import { openRecordingProxy, type RecordingProxy } from '../rig/recording-proxy.ts';

const root = join(import.meta.dirname, '../..');

/** The password of the uploader, which the inventory takes from the environment. */
export const uploaderPassword = 'uploader-canary-3f91';

/** The real steps of devpi, and a place for them: a namespace and a realm of their own on servers that run already. */
export interface DevpiSite {
  readonly namespace: string;
  readonly realm: string;
  /** Where the runs of this place are remembered. */
  readonly home: string;
  /** Who stands between Cairn and Keycloak. */
  readonly proxy: RecordingProxy;
  /** Keycloak's admin API, for somebody who isn't Cairn and doesn't go by the proxy. */
  readonly keycloak: KeycloakWriter;
  cairn(command: 'plan' | 'up' | 'undo', ...words: readonly string[]): Promise<Ran>;
  /** `up` without verify; what a node would do to claims and deployments is done. */
  up(steps: string, ...words: readonly string[]): Promise<Ran>;
  close(): Promise<void>;
}

export async function openSite(name: string, rig: ApiServer, server: Keycloak): Promise<DevpiSite> {
  const [namespace, realm, home] = [`devpi-${name}`, `realm-${name}`, folderOf('site')];
  const keycloak = openKeycloak(server.target, true);
  await keycloak.create('', { realm, enabled: true, adminEventsEnabled: true });
  const proxy = await openRecordingProxy(server.target.url);
  writeInventory(join(home, 'inventory'), rig, proxy.url);
  const env = envOf(home, {
    DEVPI_ADMIN_PASSWORD: uploaderPassword,
    KEYCLOAK_ADMIN_PASSWORD: reveal(server.target.login.password),
  });
  const place = ['--set', `devpi.namespace=${namespace}`, '--set', `sso.realm=${realm}`];
  const cairn: DevpiSite['cairn'] = (command, ...words) =>
    run(root, [command, 'playbooks/devpi.yaml', '-i', join(home, 'inventory'), ...place, ...words], env);
  const up: DevpiSite['up'] = async (steps, ...words) => {
    const ended = new AbortController();
    const node = attend(rig, namespace, ended.signal);
    const ran = await cairn('up', '--only', steps, '--no-verify', '--yes', ...words);
    ended.abort();
    await node;
    return ran;
  };
  const close = async (): Promise<void> => {
    await proxy.close();
    await rig.kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--wait=false']);
  };
  return { namespace, realm, home, proxy, keycloak, cairn, up, close };
}

function writeInventory(folder: string, { kubeconfig, context }: ApiServer, keycloak: string): void {
  cpSync(join(root, 'inventory/local'), folder, { recursive: true });
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write('clusters.yaml', `clusters: { cairn: { kubeconfig: ${kubeconfig}, context: ${context} } }\n`);
  write(
    'endpoints.yaml',
    `endpoints:\n  sso: { type: keycloak, url: '${keycloak}', user: admin, password: !secret env:KEYCLOAK_ADMIN_PASSWORD }\n`,
  );
  write(
    'group_vars/all.yaml',
    'domain: cairn.localhost\nnetworkPolicies: ignored\ndevpi: { builder: none, adminPassword: !secret env:DEVPI_ADMIN_PASSWORD }\n',
  );
}

const attended = [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
];

// There is no node and no storage: claims are bound and deployments run as soon as somebody looks, and at the end once more.
async function attend(rig: ApiServer, namespace: string, ended: AbortSignal): Promise<void> {
  const hands = await handsOf(rig);
  for (let isLast = false; !isLast; ) {
    isLast = ended.aborted;
    const found = await Promise.all(attended.map((kind) => hands.list(kind, namespace)));
    for (const object of found.flat()) {
      const { generation } = object.metadata;
      const { phase, observedGeneration } = (object.status ?? {}) as Status;
      const isDeployment = object.kind === 'Deployment';
      if (isDeployment ? observedGeneration === generation : phase === 'Bound') continue;
      await hands.say(object, isDeployment ? running(generation) : { phase: 'Bound' });
    }
    if (!isLast) await sleep(200, undefined, { signal: ended }).catch(() => undefined);
  }
}

interface Status {
  readonly phase?: string;
  readonly observedGeneration?: number;
}

function running(observedGeneration: unknown): object {
  const conditions = [{ type: 'Available', status: 'True' }];
  const counts = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
  return { observedGeneration, ...counts, conditions };
}
