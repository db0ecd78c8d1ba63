import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCluster } from '../../src/connect/kubernetes/open.ts';
import { type ApiServer, startApiServer } from '../rig/apiserver.ts';
import { patience } from '../rig/defaults.ts';
import { buildPrograms, rigTimeout, whyNo, whyNoApiServer } from '../rig/programs.ts';
import { World } from '../rig/world.ts';
import { readPage } from './from-ansible/page.ts';
import { instancesIn, stepIds, writeProject } from './from-ansible/project.ts';

const why = whyNoApiServer() ?? whyNo('helm');

describe.skipIf(why !== null)(why ?? 'the examples of docs/from-ansible.md about clusters', () => {
  const page = readPage();
  let rig: ApiServer;
  let root: string;

  beforeAll(async () => {
    await buildPrograms('helm');
    rig = await startApiServer();
    root = writeProject(page);
    await rig.kubectl(['create', 'namespace', 'shop']);
    await rig.kubectl(['-n', 'shop', 'create', 'secret', 'generic', 'db', '--from-literal=password=correct-horse']);
  }, rigTimeout);
  afterAll(async () => {
    await rig.stop();
    rmSync(root, { recursive: true, force: true });
  });

  async function everything(): Promise<string> {
    const fields = 'NAME:.metadata.name,LABELS:.metadata.labels,NOTES:.metadata.annotations,DATA:.data,SPEC:.spec';
    const kinds = 'namespaces,configmaps,secrets,limitranges';
    return await rig.kubectl(['get', kinds, '-A', '--sort-by=.metadata.name', '-o', `custom-columns=${fields}`]);
  }

  it('do on a real API server what they do on the fake, all together', async () => {
    const { reader, writer, close } = await openCluster(rig);
    const codes = [...page.rows, ...page.members];
    const instances = await instancesIn(root);
    const chosen = stepIds(page).flatMap((id, at) => {
      const { code = '', on = 'hosts' } = codes[at] ?? {};
      // Nobody runs pods here.
      return on === 'cluster' && !code.includes('k8s.deployment') ? (instances.get(id) ?? []) : [];
    });
    expect(chosen.length).toBeGreaterThan(8);
    const world = new World(chosen, { cluster: { reader, writer } });
    const before = await everything();
    expect((await world.pending()).length).toBeGreaterThanOrEqual(chosen.length);
    expect((await world.up({ timeout: patience })).failure?.causes ?? []).toEqual([]);
    const made = await everything();
    expect(made).toContain('team:web');
    expect(await world.pending()).toEqual([]);
    expect((await world.up({ timeout: patience })).failure?.causes ?? []).toEqual([]);
    expect(await everything()).toBe(made);
    expect((await world.undo({ timeout: patience })).failure?.causes ?? []).toEqual([]);
    expect(await everything()).toBe(before);
    close();
  });
});
