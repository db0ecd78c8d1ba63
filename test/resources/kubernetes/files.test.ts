import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { restore, type Step, step } from '../../../src/model/step.ts';
import { deployment } from '../../../src/resources/kubernetes/kinds/built-in.ts';
import { configMap } from '../../../src/resources/kubernetes/kinds/config-map.ts';
import { readFiles } from '../../../src/resources/kubernetes/kinds/files.ts';
import { restartWhen } from '../../../src/resources/kubernetes/kinds/restart.ts';
import { secret } from '../../../src/resources/kubernetes/kinds/secret.ts';
import { World } from '../../rig/world.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-files-'));
  writeFileSync(join(folder, 'app.conf'), 'mode = fast\n');
  writeFileSync(join(folder, 'logo.bin'), Uint8Array.from([0, 159, 146, 150]));
  mkdirSync(join(folder, 'deeper'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('files of a ConfigMap or a Secret', () => {
  it('are those of a folder by their names, or any by their keys; what is no text goes as bytes', () => {
    const bytes = Buffer.from([0, 159, 146, 150]).toString('base64');
    expect(readFiles(folder)).toEqual({ text: { 'app.conf': 'mode = fast\n' }, binary: { 'logo.bin': bytes } });
    expect(readFiles({ main: pathToFileURL(join(folder, 'app.conf')) })).toEqual({
      text: { main: 'mode = fast\n' },
      binary: {},
    });
  });

  it.each([
    ['file-missing', { a: '/nowhere/at/all' }],
    ['file-missing', '/nowhere/at/all'],
    ['relative-path', { a: 'app.conf' }],
    ['bad-key', { 'a b': '/etc/hosts' }],
  ])('are refused: %s', (code, source) => {
    expect(() => readFiles(source)).toThrow(expect.objectContaining({ code }));
  });

  it('reach the cluster byte for byte', async () => {
    const both = step({
      summary: 'both',
      on: 'cluster',
      undo: restore,
      resources: () => ({
        map: configMap({ namespace: 'default', name: 'a', data: { more: 'x' }, files: folder }),
        secret: secret({ namespace: 'default', name: 'a', data: { more: 'x' }, files: folder }),
      }),
    });
    const world = new World({ 'demo/10_files': both });
    expect(await world.up()).toMatchObject({ code: 0 });
    const bytes = Buffer.from([0, 159, 146, 150]).toString('base64');
    const named = { apiVersion: 'v1', namespace: 'default', name: 'a' };
    expect(await world.kube.get({ ...named, kind: 'ConfigMap' })).toMatchObject({
      data: { more: 'x', 'app.conf': 'mode = fast\n' },
      binaryData: { 'logo.bin': bytes },
    });
    expect((await world.kube.get({ ...named, kind: 'Secret' }))?.data).toEqual({
      more: btoa('x'),
      'app.conf': btoa('mode = fast\n'),
      'logo.bin': bytes,
    });
    expect(await world.pending()).toEqual([]);
  });
});

describe('pods that read their settings once', () => {
  function shop(): Step {
    return step({
      summary: 'shop',
      on: 'cluster',
      undo: restore,
      resources() {
        const settings = configMap({ namespace: 'default', name: 'settings', files: folder });
        const labels = { app: 'shop' };
        const web = deployment({
          namespace: 'default',
          name: 'web',
          spec: {
            selector: { matchLabels: labels },
            template: {
              metadata: { labels, annotations: restartWhen(settings) },
              spec: { containers: [{ name: 'web', image: 'web:1' }] },
            },
          },
        });
        return { settings, web };
      },
    });
  }

  it('are made anew when the content changes, and not for a label', async () => {
    const world = new World({ 'demo/10_shop': shop() });
    await world.up();
    expect(await world.pending()).toEqual([]);
    const settings = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'settings' };
    world.kube.edit(settings, 'somebody', (live) => ({
      ...live,
      metadata: { ...(live.metadata as object), labels: { a: 'b' } },
    }));
    expect(await world.pending()).toEqual([]);
    writeFileSync(join(folder, 'app.conf'), 'mode = slow\n');
    expect(await world.pending()).toEqual(['update ConfigMap default/settings', 'undecided Deployment default/web']);
    await world.up();
    expect(world.outcomes().slice(-2)).toEqual([
      'updated ConfigMap default/settings',
      'updated Deployment default/web',
    ]);
    expect(await world.pending()).toEqual([]);
  });

  it('are made anew, once, after somebody changed the content by hand and a run took it back', async () => {
    const world = new World({ 'demo/10_shop': shop() });
    await world.up();
    const settings = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'settings' };
    world.kube.edit(settings, 'kubectl-edit', (live) => ({ ...live, data: { 'app.conf': 'mode = mad' } }));
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(world.outcomes().slice(-2)).toEqual([
      'updated ConfigMap default/settings',
      'updated Deployment default/web',
    ]);
    expect(await world.pending()).toEqual([]);
    const elsewhere = new World({ 'demo/10_shop': shop() }, world);
    expect(await elsewhere.pending()).toEqual([]);
  });
});
