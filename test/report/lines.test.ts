import { expect, test } from 'vitest';
import type { Event } from '../../src/model/event.ts';
import { Secret } from '../../src/model/secret.ts';
import { nothingElse } from '../../src/report/again.ts';
import { jsonlSink } from '../../src/report/sinks/jsonl.ts';
import { type LinesOptions, LinesSink } from '../../src/report/sinks/lines.ts';
import { logSink } from '../../src/report/sinks/log.ts';
import { redactingWriter } from '../../src/report/sinks/writer.ts';
import { failedEnd, goodRun, runStarted, samplePlan } from './sample.ts';

/** A stream that keeps what it was given. */
function list(): { write(text: string): void; text: string } {
  return {
    text: '',
    write(text: string) {
      this.text += text;
    },
  };
}

function linesOf(more: Partial<LinesOptions> = {}) {
  const out = list();
  const err = list();
  const clock = { now: 0 };
  const sink = new LinesSink({
    out,
    err,
    color: false,
    verbose: false,
    quiet: false,
    width: Number.POSITIVE_INFINITY,
    isLogged: true,
    again: nothingElse,
    now: () => clock.now,
    ...more,
  });
  return { sink, out, err, clock };
}

function emitAll(sink: { emit(event: Event): void }, events: readonly Event[]): void {
  for (const event of events) sink.emit(event);
}

test('without a terminal a run is a line for each thing worth knowing', async () => {
  const { sink, out, err } = linesOf();
  emitAll(sink, [...goodRun.slice(0, 1), { type: 'plan-made', plan: samplePlan() }, ...goodRun.slice(1)]);
  await sink.close();
  expect(`\n${out.text}`).toBe(`
devpi on kind-cairn (inventory/local), run 7f3a
Plan: 2 to create, 1 to update, 1 undecided, 37 unchanged. Nothing is lost.
10_namespace: unchanged in 0.0 s
30_redis: updated Deployment devpi/redis (3.0 s)
30_redis: 1 updated, 2 unchanged, 1 check passed in 3.1 s

devpi  4 steps: 1 updated, 3 unchanged, 1 check passed                                    1 min 12 s
Take it back with  cairn undo playbooks/devpi.yaml --run 7f3a
`);
  expect(err.text).toBe('');
});

test('quiet says only how it ended', async () => {
  const { sink, out } = linesOf({ quiet: true });
  emitAll(sink, goodRun);
  await sink.close();
  expect(out.text).toMatch(/^\ndevpi {2}4 steps: .*\nTake it back/);
});

test('verbose shows what goes on inside, without the control codes it came with', async () => {
  const { sink, out } = linesOf({ verbose: true });
  emitAll(sink, goodRun);
  await sink.close();
  expect(out.text).toContain('30_redis: Deployment devpi/redis, usually 10 s\n');
  expect(out.text).toContain('30_redis: Deployment devpi/redis: pulling redis:7.2\n');
  expect(out.text).toContain('  spec.replicas  3  →  1\n');
  expect(out.text).not.toContain('\u001b');
});

test('a failure goes to standard error, with the time of the step that failed', async () => {
  const { sink, out, err } = linesOf();
  const step = { step: 'devpi/70_deploy_devpi', target: 'kind-cairn' };
  emitAll(sink, [
    runStarted,
    { type: 'step-started', ...step },
    {
      type: 'step-finished',
      ...step,
      counts: { failed: 1 },
      checks: { passed: 0, failed: 0, skipped: 0 },
      ok: false,
      ms: 14_000,
    },
    failedEnd,
  ]);
  await sink.close();
  expect(out.text).toContain('70_deploy_devpi: 1 failed in 14 s');
  expect(err.text).toMatch(/^\n✘ 70_deploy_devpi failed after 14 s\n\n {2}The image registry/);
});

test('long work breaks its silence every 10 s with the newest line', async () => {
  const { sink, out, clock } = linesOf();
  const step = { step: 'devpi/60_build_workflow', target: 'kind-cairn' };
  emitAll(sink, [
    runStarted,
    { type: 'step-started', ...step },
    { type: 'resource-started', ...step, title: 'Workflow devpi/build', usually: '35 s' },
    { type: 'progress', ...step, title: 'Workflow devpi/build', line: 'kaniko  RUN pip install devpi-server' },
  ]);
  for (clock.now = 1000; clock.now <= 27_000; clock.now += 1000) sink.beat();
  await sink.close();
  expect(out.text.split('\n').slice(1, -1)).toEqual([
    '60_build_workflow: still at Workflow devpi/build, 10 s of ~35 s: kaniko  RUN pip install devpi-server',
    '60_build_workflow: still at Workflow devpi/build, 20 s of ~35 s: kaniko  RUN pip install devpi-server',
  ]);
});

test('the plan command shows the whole plan and no recap', async () => {
  const { sink, out } = linesOf({ width: 100 });
  const end = { type: 'run-finished', run: '7f3a', code: 0, recap: [], changed: [], notReached: [], ms: 1 } as const;
  emitAll(sink, [{ ...runStarted, command: 'plan' }, { type: 'plan-made', plan: samplePlan() }, end]);
  await sink.close();
  expect(out.text).toContain('\n50_oauth2_proxy\n  ? Deployment devpi/oauth2-proxy');
  expect(out.text.trimEnd()).toMatch(/Apply with {2}cairn up playbooks\/devpi\.yaml$/);
});

test('verify shows each check under its step', async () => {
  const { sink, out } = linesOf();
  emitAll(sink, [{ ...runStarted, command: 'verify' }, ...goodRun.filter((one) => one.type === 'check-finished')]);
  await sink.close();
  expect(out.text).toMatch(/^30_redis\n {2}✔ it answers PONG +0\.1 s$/m);
});

test('JSON lines carry a version, a time and every event', async () => {
  const out = list();
  const sink = jsonlSink(out, () => new Date('2026-11-21T00:12:00Z'));
  emitAll(sink, goodRun);
  await sink.close();
  const parsed = out.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(parsed.map((one) => one.type)).toEqual(goodRun.map((one) => one.type));
  expect(parsed[1]).toEqual({
    v: 1,
    at: '2026-11-21T00:12:00.000Z',
    type: 'step-started',
    step: 'devpi/10_namespace',
    target: 'kind-cairn',
  });
});

test('the saved log holds everything, each line with its time', async () => {
  const out = list();
  const sink = logSink(out, () => new Date('2026-11-21T00:12:00Z'));
  emitAll(sink, [...goodRun.slice(0, -1), failedEnd]);
  await sink.close();
  const lines = out.text.trimEnd().split('\n');
  expect(lines.every((line) => line.startsWith('2026-11-21T00:12:00.000Z'))).toBe(true);
  expect(out.text).toContain('Z 30_redis: Deployment devpi/redis: pulling redis:7.2');
  expect(out.text).toContain('Z   This run changed   Secret devpi/devpi-admin (created)');
});

test('no sink shows a secret, even one that comes in two pieces', async () => {
  const value = 'hunter2-hunter2';
  new Secret(value);
  const step = { step: 'devpi/30_redis', target: 'kind-cairn', title: `Secret ${value}` };
  const events: readonly Event[] = [
    runStarted,
    { type: 'resource-started', ...step },
    { type: 'progress', ...step, line: `password=${value}` },
    { type: 'notice', diagnostic: { severity: 'warning', code: 'x', summary: value, detail: [btoa(`x${value}`)] } },
    {
      ...failedEnd,
      failure: { causes: [{ severity: 'error', code: 'x', summary: `got ${encodeURIComponent(value)}` }] },
    },
  ];
  const lines = linesOf({ verbose: true });
  const [json, log] = [list(), list()];
  const sinks = [lines.sink, jsonlSink(json, () => new Date()), logSink(log, () => new Date())];
  for (const sink of sinks) emitAll(sink, events);
  for (const sink of sinks) await sink.close();
  const all = lines.out.text + lines.err.text + json.text + log.text;
  expect(all).not.toContain(value);
  expect(all).not.toContain(btoa(value).slice(2, 12));
  expect(all.match(/\[secret\]/g)?.length).toBeGreaterThan(10);

  const pieces = list();
  const writer = redactingWriter(pieces);
  writer.write('its hunter2-');
  writer.write('hunter2\nnext');
  writer.flush();
  expect(pieces.text).toBe('its [secret]\nnext');
});
