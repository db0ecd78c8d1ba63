import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { restore, step } from '../../src/model/step.ts';
import { createReport } from '../../src/report/report.ts';
import { object } from '../../src/resources/kubernetes/object.ts';
import { World } from '../rig/world.ts';

const app = step({
  summary: 'A program that crashes',
  on: 'cluster',
  undo: restore,
  resources: () => ({
    app: object({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace: 'default', name: 'app' },
      spec: {
        selector: { matchLabels: { app: 'app' } },
        template: { metadata: { labels: { app: 'app' } }, spec: { containers: [{ name: 'main', image: 'app:1' }] } },
      },
    }),
  }),
});

const check = step({
  summary: 'A program that does not do its work',
  on: 'cluster',
  undo: restore,
  resources: () => ({
    ...app.resources({} as never),
    settings: object({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name: 'settings' } }),
  }),
  verify: ({ check: prove }) => prove('it answers', () => Promise.reject(new Error('HTTP 500'))),
});

it('keeps the same of what is ready, but fails a check', async () => {
  const world = new World({ 'demo/10_app': check });
  expect(await world.up()).toMatchObject({ code: 1, failure: { causes: [{ summary: 'HTTP 500' }] } });
  const kept = world.events.flatMap((event) => (event.type === 'evidence' ? [event] : []));
  expect(kept.map(({ title }) => title)).toEqual(['Deployment default/app']);
  expect(kept.flatMap(({ evidence }) => evidence.map(({ title }) => title))).toContain('status of Pod default/app-0');
  const types = world.events.map(({ type }) => type);
  expect(types.indexOf('evidence')).toBeLessThan(types.indexOf('step-finished'));
});

it('keeps status and log of what failed in a file beside the log, and the failure page names it', async () => {
  const world = new World({ 'demo/10_app': app });
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'app' };
  world.kube.behave(ref, { is: 'crash', log: ['it began', 'no password given'] });
  expect(await world.up()).toMatchObject({ code: 1 });
  const folder = await mkdtemp(join(tmpdir(), 'cairn-evidence-'));
  let page = '';
  const stream = { write: (text: string) => (page += text), isTTY: false, columns: 0, rows: 0, listenerCount: () => 1 };
  const report = createReport({
    stdout: stream as never,
    stderr: stream as never,
    isTTY: false,
    json: false,
    quiet: false,
    verbose: false,
    color: false,
    logFile: join(folder, 'r1.log'),
  });
  const failure = { step: 'demo/10_app', causes: [] };
  report.emit({
    type: 'run-started',
    run: 'r1',
    command: 'up',
    name: 'demo',
    playbook: 'p',
    inventory: 'i',
    targets: [],
    steps: [],
    at: '',
  });
  for (const event of world.events) report.emit(event);
  report.emit({ type: 'run-finished', run: 'r1', code: 1, recap: [], failure, changed: [], notReached: [], ms: 1 });
  await report.close();
  const kept = await readFile(join(folder, 'r1.evidence'), 'utf8');
  expect(kept).toMatch(/^# Deployment default\/app of demo\/10_app on /);
  expect(kept).toContain(
    '## log of Pod default/app-0, container main, its last 200 lines\n\nit began\nno password given',
  );
  expect(kept).toContain('## status of Pod default/app-0');
  expect(page).toContain(join(folder, 'r1.evidence'));
  await rm(folder, { recursive: true });
});
