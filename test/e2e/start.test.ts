import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { listAt } from '../../src/resources/keycloak/paths.ts';
import { folderOf } from '../rig/folder.ts';
import { openSso } from './keycloak.ts';
import { auditMark, cairn, changesMachine, kubectl, mutationsSince, reason, run } from './rig.ts';
import { differences, snapshot } from './snapshot.ts';
import { openUserOfHost } from './user-of-host.ts';

const devpi = 'playbooks/devpi.yaml';
const consent = ['--allow-data-loss', 'PersistentVolumeClaim/devpi/devpi-data-pvc'];

/** The pods of the index, each with how often it was restarted. */
async function pods(): Promise<string> {
  const path = '{range .items[*]}{.metadata.uid} {.status.containerStatuses[*].restartCount}{"\\n"}{end}';
  return (await kubectl('-n', 'devpi', 'get', 'pods', '-o', `jsonpath=${path}`)).stdout;
}

/** The status with which Keycloak answers whoever comes from the dashboard: 400 where it knows no such client. */
async function loginPage(): Promise<string> {
  const query = 'client_id=devpi-dashboard&response_type=code&code_challenge_method=S256&code_challenge=';
  const back = 'redirect_uri=https://devpi.cairn.localhost/oauth2/callback';
  const url = `https://keycloak.cairn.localhost/realms/cairn/protocol/openid-connect/auth?${query}${'a'.repeat(43)}&${back}`;
  return (await run('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code}', url])).stdout;
}

describe.skipIf(!changesMachine)(`the full install into a throw-away cluster${reason}`, () => {
  afterAll(async () => {
    await cairn('cluster', 'down', '--yes');
  });

  it('npm start installs everything and says how to use it', async () => {
    const started = await run('npm', ['start', '--', '--yes']);
    expect(started.code, started.said).toBe(0);
    expect(started.stdout).toContain('https://devpi-api.cairn.localhost');
    expect(await loginPage()).toBe('200');
  });

  it('a rerun changes nothing, restarts nothing, and sends no request that could', async () => {
    const keycloak = await openSso();
    await keycloak.update('cairn', { adminEventsEnabled: true });
    const writes = async () => await listAt('cairn/admin-events', keycloak);
    const before = { pods: await pods(), writes: await writes(), all: await snapshot() };
    const mark = auditMark();
    const again = await cairn('up', devpi, '--no-verify', '--json');
    expect(again.code, again.said).toBe(0);
    process.stdout.write(`a rerun that changes nothing takes ${(again.ms / 1000).toFixed(1)} s\n`);
    const outcomes = again.stdout
      .split('\n')
      .filter((line) => line.includes('"resource-finished"'))
      .map((line) => (JSON.parse(line) as { outcome: string }).outcome);
    expect(outcomes.length).toBeGreaterThan(10);
    expect(new Set(outcomes)).toEqual(new Set(['unchanged']));
    expect(mutationsSince(mark, /^cairn/)).toEqual([]);
    expect(await writes()).toEqual(before.writes);
    expect(differences(before.all, await snapshot())).toEqual([]);
    expect(await pods()).toBe(before.pods);
    await keycloak.update('cairn', { adminEventsEnabled: false });
  });

  it('every promise of every step holds, the journey of a package and that of a person in a browser too', async () => {
    if (!existsSync('/usr/bin/chromium')) await run('apt-get', ['install', '-y', '-q', 'chromium']);
    const verified = await cairn('verify', devpi);
    expect(verified.code, verified.said).toBe(0);
    expect(verified.said).toContain('a browser is sent to the login');
  });

  it('a user of a host behind SSH gets the client and its helpers, works with them after a login, and has the home back after undo', async () => {
    const user = await openUserOfHost('cairn-e2e-user', '/bin/bash');
    const steps = [devpi, '--only', 'devpi/85-86'];
    try {
      const before = user.tree();
      const up = await user.cairn('up', ...steps, '--yes');
      expect(up.code, up.said).toBe(0);
      const clientFolder = '/tmp/$USER-client';
      const login = await user.login(
        'unset HISTFILE',
        `DEVPI_CLIENTDIR=${clientFolder} devpi-use; rm -rf ${clientFolder}`,
      );
      expect(login.said).toContain('current devpi index: https://devpi-api.cairn.localhost/root/prod');
      const again = await user.cairn('plan', ...steps, '--exit-code');
      expect(again.code, again.said).toBe(0);
      const undone = await user.cairn('undo', ...steps, '--yes');
      expect(undone.code, undone.said).toBe(0);
      expect(user.tree()).toBe(before);
    } finally {
      await user.close();
    }
  });

  it('a field changed by hand is named with its owner, and taken back', async () => {
    await kubectl('-n', 'devpi', 'scale', 'deployment/redis', '--replicas=2');
    const labelled = await kubectl(
      '-n',
      'devpi',
      'label',
      '--overwrite',
      'service/redis',
      'app.kubernetes.io/name=other',
      '--field-manager=kubectl-edit',
    );
    expect(labelled.code, labelled.said).toBe(0);
    const plan = await cairn('plan', devpi, '--exit-code');
    expect(plan.code, plan.said).toBe(3);
    expect(plan.stdout).toMatch(/metadata\.labels.*kubectl-edit/);
    const repaired = await cairn('up', devpi, '--no-verify');
    expect(repaired.code, repaired.said).toBe(0);
    expect((await cairn('plan', devpi, '--exit-code')).code).toBe(0);
  });

  it('a field that another server-side applier owns stops the run, named', async () => {
    const asArgo = async (labels: object): Promise<void> => {
      const metadata = { name: 'redis', namespace: 'devpi', ...labels };
      const file = join(folderOf('e2e'), 'service.json');
      writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata }));
      const apply = ['apply', '--server-side', '--force-conflicts', '--field-manager=argo', '-f', file];
      const applied = await kubectl(...apply);
      expect(applied.code, applied.said).toBe(0);
    };
    await asArgo({ labels: { 'app.kubernetes.io/name': 'theirs' } });
    const refused = await cairn('up', devpi, '--no-verify');
    expect(refused.code, refused.said).toBe(1);
    expect(refused.said).toContain('argo');
    await asArgo({});
    const repaired = await cairn('up', devpi, '--no-verify');
    expect(repaired.code, repaired.said).toBe(0);
  });

  it('a Redis that was deleted is missing in plan and verify, and made again', async () => {
    await kubectl('-n', 'devpi', 'delete', 'deployment/redis', '--wait=true');
    const plan = await cairn('plan', devpi, '--exit-code');
    expect(plan.code, plan.said).toBe(3);
    expect(plan.stdout).toContain('+ Deployment devpi/redis');
    const verified = await cairn('verify', devpi, '--only', 'devpi/30');
    expect(verified.code, verified.said).toBe(1);
    expect(verified.said).toContain('Deployment devpi/redis is missing');
    const again = await cairn('up', devpi);
    expect(again.code, again.said).toBe(0);
  });

  it('undo leaves nothing of ours', async () => {
    const undone = await cairn('undo', devpi, '--yes', ...consent);
    expect(undone.code, undone.said).toBe(0);
    const left = await kubectl(
      'get',
      'all,configmap,secret,pvc,role,rolebinding,networkpolicy,httproute',
      '-A',
      '-l',
      'cairn.dev/owner',
      '-o',
      'name',
    );
    expect(left.stdout.split('\n').filter((line) => line.includes('devpi'))).toEqual([]);
    expect((await kubectl('get', 'namespace', 'devpi')).code).not.toBe(0);
    expect(await loginPage()).toBe('400');
  });

  it('a namespace that was there before, with labels and a ConfigMap of somebody else, is as it was after install and undo, and so is everything else', async () => {
    await kubectl('create', 'namespace', 'devpi');
    await kubectl('label', 'namespace', 'devpi', 'team=theirs', 'tier=index');
    await kubectl('-n', 'devpi', 'create', 'configmap', 'theirs', '--from-literal=key=value');
    const before = await snapshot();
    const up = await cairn('up', devpi, '--no-verify');
    expect(up.code, up.said).toBe(0);
    expect(differences(before, await snapshot())).toContain('+ Deployment/devpi/devpi');
    const undone = await cairn('undo', devpi, '--yes', ...consent);
    expect(undone.code, undone.said).toBe(0);
    // Images are kept, and a repository keeps its history; a volume goes some time after its claim.
    const isKept = /^\+ registry\/|^[+~] git\/.* history$/;
    await vi.waitFor(
      async () => expect(differences(before, await snapshot()).filter((line) => !isKept.test(line))).toEqual([]),
      { timeout: 300_000, interval: 1_000 },
    );
  });

  it('cluster down takes the cluster away, and what is known of it', async () => {
    const uid = (await kubectl('get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}')).stdout;
    expect((await cairn('status')).said).toContain(uid);
    const down = await cairn('cluster', 'down', '--yes');
    expect(down.code, down.said).toBe(0);
    expect((await cairn('status')).said).not.toContain(uid);
    expect((await run('sh', ['-c', 'ip link show | grep -E "podman|cni0|veth" '])).code).not.toBe(0);
  });
});
