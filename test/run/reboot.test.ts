import { describe, expect, it } from 'vitest';
import { restore, type Step, step } from '../../src/model/step.ts';
import { reboot } from '../../src/resources/host/reboot.ts';
import { World } from '../rig/world.ts';
import { rootFile } from './things.ts';

const required = '/run/reboot-required';

const whenAsked: Record<string, Step> = {
  'demo/10_kernel': step({
    summary: 'A restart when the host asks for it, and a file after it',
    on: 'hosts',
    undo: restore,
    resources: () => ({ again: reboot({ id: 'kernel', whenExists: required }), after: rootFile('/etc/after', 'x\n') }),
  }),
};

const onceFor = (content: string): Record<string, Step> => ({
  'demo/10_kernel': step({
    summary: 'A restart for each content of a file',
    on: 'hosts',
    undo: restore,
    resources() {
      const grub = rootFile('/etc/grub', content);
      return { grub, again: reboot({ id: 'grub', onceFor: [grub.out.sha256] }) };
    },
  }),
});

/** A world that counts how often its host was restarted. */
function world(steps: Record<string, Step>): World & { readonly boots: () => number } {
  const made = new World(steps);
  let boots = 0;
  made.host.boot.after = () => {
    boots += 1;
  };
  return Object.assign(made, { boots: () => boots });
}

function ask({ host }: World): void {
  host.files.set(required, { kind: 'file', content: new Uint8Array(), mode: '0644', owner: 'root', group: 'root' });
}

describe('a restart of a host', () => {
  it('is done when the host asks for it, and the run goes on in the new boot', async () => {
    const one = world(whenAsked);
    ask(one);
    const [line] = (await one.plan()).steps[0]?.changes ?? [];
    expect(line).toMatchObject({ verb: 'restart', title: 'reboot kernel', fields: [{ note: `${required} is there` }] });
    expect(await one.up()).toMatchObject({ code: 0, recap: [{ counts: { restarted: 1, created: 1 } }] });
    expect(one.boots()).toBe(1);
    expect(await one.pending()).toEqual([]);
    await one.up();
    expect(one.boots()).toBe(1);
  });

  it('is not done when nothing asks for it', async () => {
    const one = world(whenAsked);
    expect(await one.pending()).toEqual(['create file /etc/after']);
    await one.up();
    expect(one.boots()).toBe(0);
  });

  it('is done once for each value, by which undo needs no restart', async () => {
    const one = world(onceFor('one'));
    const before = one.host.snapshot();
    await one.up();
    await one.up();
    expect(one.boots()).toBe(1);
    one.useSteps(onceFor('two'));
    expect(await one.up()).toMatchObject({ code: 0, recap: [{ counts: { updated: 1, restarted: 1 } }] });
    expect(one.boots()).toBe(2);
    expect(await one.undo()).toMatchObject({ code: 0 });
    expect(one.boots()).toBe(2);
    expect(one.host.snapshot()).toEqual(before);
  });

  it('is done by the next run, when it was asked for and the host was never told', async () => {
    const one = world(onceFor('one'));
    one.host.failAt = 2;
    expect(await one.up()).toMatchObject({ code: 1 });
    const mark = '/var/lib/cairn-reboot-grub';
    const content = Buffer.from(`${'0'.repeat(64)} ${one.host.facts.bootId}\n`);
    one.host.files.set(mark, { kind: 'file', content, mode: '0600', owner: 'root', group: 'root' });
    await one.up();
    expect(one.boots()).toBe(1);
  });

  it('is never done twice, also when the connection broke as the host was told', async () => {
    const one = world(onceFor('one'));
    one.host.cut = { at: 2, after: 2 };
    expect(await one.up()).toMatchObject({ code: 0 });
    await one.up();
    expect(one.boots()).toBe(1);
  });

  it('fails when it didn’t help, and isn’t repeated in that run', async () => {
    const one = world(whenAsked);
    const count = one.host.boot.after;
    one.host.boot.after = () => {
      count?.();
      ask(one);
    };
    ask(one);
    const { code, failure } = await one.up();
    expect([code, failure?.causes[0]?.code]).toEqual([1, 'still-due']);
    expect(one.boots()).toBe(1);
  });

  it('fails in time when the host doesn’t come back', async () => {
    const one = world(whenAsked);
    one.host.boot.silent = Number.POSITIVE_INFINITY;
    ask(one);
    const { code, failure } = await one.up({ timeout: 60_000 });
    expect([code, failure?.causes[0]?.code]).toEqual([1, 'not-ready']);
    expect(failure?.causes[0]?.detail).toEqual(['it still waits for: the host to answer']);
  });

  it('is refused on the machine that Cairn runs on', async () => {
    const one = world(whenAsked);
    one.host.facts = { ...one.host.facts, isHere: true };
    ask(one);
    const { code, failure } = await one.up();
    expect([code, failure?.causes[0]?.code]).toEqual([1, 'is-here']);
    expect(one.boots()).toBe(0);
  });

  it('must say when it is due', () => {
    expect(() => reboot({ id: 'kernel' })).toThrow('doesn’t say'.replace('’', "'"));
  });
});
