import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, startApiServer } from '../rig/apiserver.ts';
import { launcher } from '../rig/launcher.ts';
import { rigTimeout, whyNoApiServer } from '../rig/programs.ts';

const why = whyNoApiServer();
const count = 40;

const step = `import { k8s, restore, step } from '@cairnhq/cairn';

const one = (i: number) => k8s.configMap({ namespace: 'many', name: \`cm-\${i}\`, data: { a: String(i) } });

export default step({
  summary: 'Many objects',
  on: 'cluster',
  undo: restore,
  resources: () => Object.fromEntries(Array.from({ length: ${count} }, (_, i) => [\`cm\${i}\`, one(i)])),
});
`;

describe.skipIf(why !== null)(why ?? `the requests of a run with ${count} objects`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-requests-'));
  let rig: ApiServer;
  let seen = 0;

  beforeAll(async () => {
    rig = await startApiServer();
    await rig.kubectl(['create', 'namespace', 'many']);
    const { kubeconfig, context } = rig;
    const files: Readonly<Record<string, string>> = {
      'package.json': '{ "type": "module" }',
      'cairn.yaml': 'inventory: inventory/local\n',
      'inventory/local/hosts.yaml': 'all: { hosts: { localhost: { ansible_connection: local } } }\n',
      'inventory/local/clusters.yaml': JSON.stringify({ clusters: { rig: { kubeconfig, context } } }),
      'playbooks/many.yaml': 'components:\n  - { component: many, cluster: rig }\n',
      'steps/many/10_objects.ts': step,
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  }, rigTimeout);
  afterAll(async () => {
    await rig.stop();
    rmSync(folder, { recursive: true });
  });

  /** What `cairn up` asked of the server, without its lock: verb → how often. */
  async function requestsOfUp(): Promise<Readonly<Record<string, number>>> {
    const env = { ...process.env, XDG_STATE_HOME: join(folder, 'state') };
    await promisify(execFile)(process.execPath, [launcher, 'up', 'playbooks/many.yaml', '--yes'], { cwd: folder, env });
    const ours = (await rig.audit()).filter(({ userAgent }) => userAgent === 'cairn');
    const fresh = ours.slice(seen).filter(({ requestURI }) => !requestURI.includes('/leases/'));
    seen = ours.length;
    const kinds = fresh.map(({ verb, requestURI }) => {
      if (/^\/apis?\/[^?]*v\d+$/.test(requestURI)) return `discovery of ${requestURI}`;
      return requestURI.includes('dryRun=All') ? 'dry run' : verb;
    });
    return Object.fromEntries([...Map.groupBy(kinds, (kind) => kind)].map(([kind, all]) => [kind, all.length]));
  }

  const discovery = { 'discovery of /api/v1': 1, 'discovery of /apis/coordination.k8s.io/v1': 1 };

  it('are, when all is made: a list, a dry run each, a list to see that nobody was faster, a write each', async () => {
    expect(await requestsOfUp()).toEqual({ ...discovery, get: 1, list: 2, 'dry run': count, patch: count });
  });

  it('are, when nothing changed: one list', async () => {
    expect(await requestsOfUp()).toEqual({ ...discovery, get: 1, list: 1 });
  });

  it('are, when one was edited: one list, and of that one a dry run and a write', async () => {
    await rig.kubectl(['-n', 'many', 'patch', 'configmap', 'cm-7', '-p', '{"data":{"a":"theirs"}}']);
    expect(await requestsOfUp()).toEqual({ ...discovery, get: 1, list: 1, 'dry run': 1, patch: 1 });
  });
});
