import type { Entry, Intent } from '../../src/model/journal.ts';

export type Started = Extract<Entry, { is: 'run-started' }>;
export type Intended = Extract<Entry, { is: 'intent' }>;
export type Finished = Extract<Entry, { is: 'run-finished' }>;

const target = 'host:one';

export function started(run: string, command: Started['command'] = 'up'): Started {
  return {
    is: 'run-started',
    run,
    command,
    playbook: 'playbooks/one.yaml',
    inventory: 'inventory/local',
    selection: { only: [], set: [] },
    at: '2026-01-01T00:00:00.000Z',
  };
}

export function intent(run: string, step: string, intents: readonly Partial<Intent>[]): Intended {
  const whole = intents.map((given): Intent => {
    const address = given.address ?? 'file/a';
    const rest = { type: 'file', typeVersion: 1, title: address, id: { path: address }, before: null, want: {} };
    return { ...rest, ...given, address };
  });
  return { is: 'intent', run, step, target, intents: whole, at: '2026-01-01T00:00:01.000Z' };
}

export function done(run: string, step: string, address: string, after: unknown, outcome = 'updated'): Entry {
  return { is: 'done', run, step, target, address, outcome, after };
}

export function finished(run: string): Finished {
  return { is: 'run-finished', run, code: 0, cleared: [], at: '2026-01-01T00:01:00.000Z' };
}
