import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { Event } from '../../src/model/event.ts';
import { Secret } from '../../src/model/secret.ts';
import { createReport } from '../../src/report/report.ts';
import { Progress } from '../../src/report/sinks/progress.ts';
import type { Stream } from '../../src/report/sinks/sink.ts';
import { treeFrame } from '../../src/report/sinks/tree-frame.ts';
import { failedEnd, goodRun, runStarted } from './sample.ts';

const build = { step: 'devpi/60_build_workflow', target: 'kind-cairn' };
const building: readonly Event[] = [
  { type: 'step-started', ...build },
  { type: 'resource-started', ...build, title: 'Workflow devpi/build', usually: '35 s' },
  { type: 'progress', ...build, title: 'Workflow devpi/build', line: 'kaniko  RUN pip install devpi-server devpi-web' },
];

function progressOf(events: readonly Event[]): Progress {
  const progress = new Progress();
  for (const event of events) progress.apply(event, 14_000);
  progress.startedAt = 0;
  return progress;
}

const frame = { color: false, width: 100, rows: 30, now: 41_000, spinner: '⠹' };

test('a running tree shows what is done, what goes on and what comes', () => {
  expect(`\n${treeFrame(progressOf([...goodRun.slice(0, -1), ...building]), frame)}\n`).toBe(`
devpi on kind-cairn                                                                 run 7f3a · 00:41
  ✔ 10_namespace       unchanged
  ✔ 30_redis           1 updated, 2 unchanged, 1 check passed                        3.1 s
  ⠹ 60_build_workflow  Workflow devpi/build                                          27 s of ~35 s
      kaniko  RUN pip install devpi-server devpi-web
    80_ingress
`);
});

test('a failed step is marked, and a step on many hosts says how far it is', () => {
  const hosts = ['web1', 'web2', 'web3'];
  const step = 'web/10_packages';
  const progress = progressOf([
    { ...runStarted, targets: hosts, steps: hosts.map((target) => ({ step, target, summary: '' })) },
    { type: 'step-started', step, target: 'web1' },
    {
      type: 'step-finished',
      step,
      target: 'web1',
      counts: { created: 2 },
      checks: { passed: 0, failed: 0, skipped: 0 },
      ok: true,
      ms: 10,
    },
    { type: 'resource-started', step, target: 'web2', title: 'package nginx' },
    { type: 'resource-started', step, target: 'web3', title: 'package nginx' },
  ]);
  expect(treeFrame(progress, frame).split('\n')[1]).toMatch(
    /^ {2}⠹ 10_packages {2}1 of 3 targets, package nginx and 1 more +27 s$/,
  );
  progress.apply(
    {
      type: 'step-finished',
      step,
      target: 'web2',
      counts: { failed: 1 },
      checks: { passed: 0, failed: 0, skipped: 0 },
      ok: false,
      ms: 10,
    },
    0,
  );
  expect(treeFrame(progress, frame).split('\n')[1]).toBe('  ✘ 10_packages  1 failed, 2 created');
});

test('a tree taller than the terminal keeps its header and what goes on', () => {
  const steps = Array.from({ length: 40 }, (_, i) => ({
    step: `devpi/${10 + i}_s`,
    target: 'kind-cairn',
    summary: '',
  }));
  const done = steps.slice(0, 10).flatMap((one): Event[] => [
    { type: 'step-started', ...one },
    {
      type: 'step-finished',
      ...one,
      counts: { unchanged: 1 },
      checks: { passed: 0, failed: 0, skipped: 0 },
      ok: true,
      ms: 1,
    },
  ]);
  const progress = progressOf([
    { ...runStarted, steps },
    ...done,
    { type: 'step-started', step: 'devpi/20_s', target: 'kind-cairn' },
  ]);
  const lines = treeFrame(progress, { ...frame, rows: 12 }).split('\n');
  expect(lines.length).toBeLessThanOrEqual(11);
  expect(lines[0]).toContain('devpi on kind-cairn');
  expect(lines[1]).toBe('  ✔ 10 steps done');
  expect(lines[2]).toContain('⠹ 20_s');
  expect(lines.at(-1)).toMatch(/^ {4}and \d+ more$/);
});

test('a line that is cut to the width never ends in half a secret', () => {
  new Secret('tr0ub4dor-and-3-more');
  const progress = progressOf([...goodRun.slice(0, 1), ...building]);
  const line = `${'x'.repeat(28)}tr0ub4dor-and-3-more`;
  progress.apply({ type: 'progress', ...build, title: 'Workflow devpi/build', line }, 0);
  expect(treeFrame(progress, { ...frame, width: 50 })).not.toContain('tr0ub');
});

/** A terminal that keeps what it was given. */
function terminal(): Stream & { text: string } {
  const stream = new Writable({
    write(chunk, _, done) {
      made.text += String(chunk);
      done();
    },
  });
  const made = Object.assign(stream, { text: '', isTTY: true, fd: 1, columns: 100, rows: 30 });
  return made as unknown as Stream & { text: string };
}

test('on a terminal a run is drawn, then summed up, and the cursor comes back', async () => {
  const stdout = terminal();
  const stderr = terminal();
  new Secret('correct-horse-battery');
  const report = createReport({ stdout, stderr, isTTY: true, json: false, quiet: false, verbose: false, color: false });
  for (const event of goodRun.slice(0, -1)) report.emit(event);
  for (const event of building) report.emit(event);
  report.emit({ type: 'progress', ...build, title: 'Workflow devpi/build', line: 'token correct-horse-battery' });
  report.emit({ type: 'notice', diagnostic: { severity: 'warning', code: 'x', summary: 'the clock is 3 s off' } });
  await expect.poll(() => stdout.text).toContain('[secret]');
  report.emit({
    type: 'step-finished',
    ...build,
    counts: { failed: 1 },
    checks: { passed: 0, failed: 0, skipped: 0 },
    ok: false,
    ms: 14_000,
  });
  report.emit(failedEnd);
  await report.close();
  expect(stdout.text).toContain('\u001b[?25l');
  expect(stdout.text.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stdout.text.lastIndexOf('\u001b[?25l'));
  const shown = stripVTControlCharacters(stdout.text);
  expect(shown).toContain('token [secret]');
  expect(shown).not.toContain('correct-horse');
  expect(shown).toMatch(
    / {2}✘ 60_build_workflow {2}1 failed .*\n {4}80_ingress\n.*warning: the clock is 3 s off\n\ndevpi {2}4 steps: /s,
  );
  expect(stripVTControlCharacters(stderr.text)).toContain('✘ 70_deploy_devpi failed');
});

const script = spawnSync('script', ['--version']);

test.skipIf(script.error)('Ctrl-C in the middle of a drawing gives the cursor back (needs the program script)', () => {
  const program = `stty cols 100 rows 30; ${process.execPath} ${join(import.meta.dirname, 'drawn.ts')}`;
  const { status, stdout } = spawnSync('script', ['-qec', program, '/dev/null'], { encoding: 'utf8', stdio: 'pipe' });
  expect(status).toBe(130);
  expect(stdout).toContain('30_redis');
  expect(stdout).toContain('\u001b[?25l');
  expect(stdout.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stdout.lastIndexOf('\u001b[?25l'));
});

test('a reader that goes away does not stop a run', async () => {
  const stdout = terminal();
  stdout._write = (_chunk, _encoding, done) => done(new Error('EPIPE'));
  const stderr = terminal();
  const report = createReport({ stdout, stderr, isTTY: false, json: true, quiet: false, verbose: false, color: false });
  for (const event of goodRun) report.emit(event);
  await report.close();
  expect(stdout.errored?.message).toBe('EPIPE');
});
