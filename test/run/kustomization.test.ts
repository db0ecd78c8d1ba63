import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { restore, type Step, step } from '../../src/model/step.ts';
import { kustomization } from '../../src/resources/kubernetes/bundle/kustomization.ts';
import { pathOf, whyNo } from '../rig/programs.ts';
import { World } from '../rig/world.ts';

const why = whyNo('kubectl');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-kustomize-'));
  put('base/kustomization.yaml', 'resources: [shop.yaml]\nconfigMapGenerator: [{ name: rules, files: [rules.txt] }]\n');
  put('base/rules.txt', 'one\n');
  put(
    'base/shop.yaml',
    `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { ports: [{ port: 80 }], selector: { app: web } }
---
apiVersion: v1
kind: Secret
metadata: { name: login }
stringData: { pin: "0123", answer: "yes" }
`,
  );
  put(
    'prod/kustomization.yaml',
    'resources: [../base]\nnamespace: default\nnamePrefix: prod-\nlabels: [{ pairs: { env: prod } }]\n',
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

function shop(): Step {
  return step({
    summary: 'A shop from a kustomization',
    on: 'cluster',
    undo: restore,
    resources: () => ({ shop: kustomization({ folder: join(folder, 'prod') }) }),
  });
}

describe.skipIf(why !== null)(why ?? 'a kustomization', () => {
  it('makes what kubectl makes of it, once, and is taken back when it is gone', async () => {
    const world = new World({ 'demo/10_shop': shop() });
    const before = world.snapshot();
    expect((await world.pending()).toSorted()).toEqual([
      expect.stringMatching(/^create ConfigMap default\/prod-rules-/),
      'create Secret default/prod-login',
      'create Service default/prod-web',
    ]);
    expect(await world.up()).toMatchObject({ code: 0 });
    const kubectl = execFileSync(pathOf('kubectl'), ['kustomize', join(folder, 'prod')], { encoding: 'utf8' });
    for (const document of parseAllDocuments(kubectl)) {
      const { kind, metadata, stringData, ...fields } = document.toJS();
      const live = await world.kube.get({ apiVersion: 'v1', kind, namespace: 'default', name: metadata.name });
      expect(live).toMatchObject({ ...fields, kind, metadata: { labels: { env: 'prod' } } });
      for (const [key, value] of Object.entries(stringData ?? {}))
        expect(live).toMatchObject({ data: { [key]: Buffer.from(String(value)).toString('base64') } });
    }
    expect(await world.pending()).toEqual([]);
    rmSync(folder, { recursive: true });
    expect(await world.undo()).toMatchObject({ code: 0 });
    expect(world.snapshot()).toEqual(before);
  });

  it('says in the plan what kubectl has against it', async () => {
    put('prod/kustomization.yaml', 'resources: [../bse]\n');
    const world = new World({ 'demo/10_shop': shop() });
    const [change] = (await world.plan()).steps[0]?.changes ?? [];
    expect(change).toMatchObject({ verb: 'refused', problem: { code: 'render-failed' } });
    expect(change?.problem?.detail?.join()).toContain('bse');
  });
});
