import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Planned } from '../../src/model/deferred.ts';
import type { PortName, Ports } from '../../src/model/ports.ts';
import type { Difference, Reading, ResourceType, Written } from '../../src/model/resource.ts';

/** What a test needs of a world: the ports, and a way to leave. Fixtures add their own hands to edit it. */
export interface TestWorld<P extends PortName> {
  readonly reader: Ports[P]['reader'];
  readonly writer: Ports[P]['writer'];
  /** How many writes reached the world so far; left out where it can't be known. */
  writes?(): number | Promise<number>;
  close(): Promise<void>;
}

/** What a resource type brings to the suite. Every test opens a world of its own. */
export interface Subject<P extends PortName, W extends TestWorld<P>, Id, Want, Live, Out> {
  /** `file on the fake host`. */
  readonly name: string;
  readonly type: ResourceType<P, Id, Want, Live, Out>;
  open(): Promise<W>;
  /** In a fresh world nothing of this id exists, and everything it needs does. */
  readonly id: (world: W) => Id;
  readonly want: Want;
  /** Where the thing's removal can't be seen as absence (commands), false. */
  readonly removable?: boolean;
  /** Each owned field, changed by somebody else, by its path in a diff. */
  readonly drifts: Readonly<Record<string, (world: W) => Promise<void>>>;
  /** Makes the thing as somebody else would have, different from `want`. */
  readonly older?: (world: W) => Promise<void>;
  /** Everything that undo must give back, as data; called before and after. */
  readonly snapshot?: (world: W) => Promise<unknown>;
  /** A wish that holds a secret with this text in it. */
  readonly secret?: { readonly want: Want; readonly canary: string };
  /** Ways in which looking fails; each must give `unreadable`, never `absent`. */
  readonly unreadable?: Readonly<Record<string, (world: W) => Promise<void>>>;
}

/** Registers the tests that every resource type passes, on the fake and on the real thing alike. */
export function contractSuite<P extends PortName, W extends TestWorld<P>, Id, Want, Live, Out>(
  subject: Subject<P, W, Id, Want, Live, Out>,
): void {
  describe(subject.name, () => {
    const { type } = subject;
    let world: W;
    let id: Id;

    beforeEach(async () => {
      world = await subject.open();
      id = subject.id(world);
    });
    afterEach(async () => await world.close());

    const read = async (): Promise<Reading<Live>> => await type.read(id, world.reader);
    const live = async (): Promise<Live> => present(await read());
    const now = async (): Promise<Live | null> => presentOrNull(await read());
    const diff = async (at: Live | null, want: Want): Promise<Difference> => {
      const planned = want as Planned<Want>;
      const merged = await type.merge?.(id, planned, at, world.reader, {});
      return merged ? type.diff(at, planned, merged.live) : type.diff(at, planned);
    };
    const write = async (at: Live | null, want: Want | null): Promise<Written<Live>> =>
      await type.write({ id, want, live: at, options: {} }, world.writer);
    const restore = async (before: Live | null, at: Live | null): Promise<Written<Live>> =>
      await type.restore({ id, before: throughJournal(type, before), live: throughJournal(type, at) }, world.writer);
    const make = async (want: Want = subject.want): Promise<Live> => {
      const made = written(await write(await now(), want));
      if (made === null) throw new Error('the write left nothing behind');
      return made;
    };

    it('starts absent, and its diff says so', async () => {
      expect(await read()).toEqual({ is: 'absent' });
      expect((await diff(null, subject.want)).changes.length).toBeGreaterThan(0);
    });

    it('is there after a write, and reads back as what was wished', async () => {
      const made = await make();
      const seen = await live();
      expect(type.compare(made, seen)).toEqual([]);
      expect(await diff(seen, subject.want)).toEqual({ changes: [], foreign: [] });
    });

    it('has nothing to write the second time', async () => {
      await make();
      const before = await world.writes?.();
      expect((await diff(await live(), subject.want)).changes).toEqual([]);
      expect(await world.writes?.()).toBe(before);
    });

    it('keeps its image through the journal', async () => {
      const made = await make();
      expect(type.compare(made, throughJournal(type, made))).toEqual([]);
    });

    it('has an address and a title', () => {
      expect(type.address(id)).toMatch(/^\S+$/);
      expect(type.title(id)).not.toBe('');
    });

    for (const [path, edit] of Object.entries(subject.drifts)) {
      it(`names ${path}, and only that, when somebody changed it, and takes it back`, async () => {
        const made = await make();
        await edit(world);
        const drifted = await live();
        expect((await diff(drifted, subject.want)).changes.map((change) => change.path)).toEqual([path]);
        expect(type.compare(made, drifted).map((change) => change.path)).toContain(path);
        written(await write(drifted, subject.want));
        expect((await diff(await live(), subject.want)).changes).toEqual([]);
      });

      it(`writes nothing when ${path} moved since it was read`, async () => {
        const made = await make();
        await edit(world);
        const before = await live();
        const result = await write(made, subject.want);
        expect(result.is).toBe('moved');
        expect(type.compare(before, await live())).toEqual([]);
      });

      it(`refuses to undo over a foreign change of ${path}`, async () => {
        const made = await make();
        await edit(world);
        const before = await live();
        expect((await restore(null, made)).is).toBe('moved');
        expect(type.compare(before, await live())).toEqual([]);
      });
    }

    if (subject.removable !== false) {
      it('is gone after undo of its creation, and a second undo does nothing more', async () => {
        const before = await subject.snapshot?.(world);
        const made = await make();
        expect(written(await restore(null, made))).toBeNull();
        expect(await read()).toEqual({ is: 'absent' });
        expect(await subject.snapshot?.(world)).toEqual(before);
        const writes = await world.writes?.();
        expect(written(await restore(null, null))).toBeNull();
        expect(await world.writes?.()).toBe(writes);
      });

      it('is removed by a wish for nothing', async () => {
        const made = await make();
        expect(type.diff(made, null).changes.length).toBeGreaterThan(0);
        expect(written(await write(made, null))).toBeNull();
        expect(await read()).toEqual({ is: 'absent' });
      });
    }

    const { older } = subject;
    if (older) {
      it('gives an adopted thing its old form back, once', async () => {
        await older(world);
        const found = await live();
        const before = await subject.snapshot?.(world);
        expect((await diff(found, subject.want)).changes.length).toBeGreaterThan(0);
        const made = await make();
        const back = written(await restore(found, made));
        expect(type.compare(found, back)).toEqual([]);
        expect(type.compare(found, await live())).toEqual([]);
        expect(await subject.snapshot?.(world)).toEqual(before);
        const writes = await world.writes?.();
        expect(type.compare(found, written(await restore(found, back)))).toEqual([]);
        expect(await world.writes?.()).toBe(writes);
      });

      it('writes nothing over a thing that appeared since it was seen absent', async () => {
        await older(world);
        const found = await live();
        expect((await write(null, subject.want)).is).toBe('moved');
        expect(type.compare(found, await live())).toEqual([]);
      });
    }

    const { secret } = subject;
    if (secret) {
      it('shows no secret in a diff, a comparison or a result', async () => {
        const made = await make(secret.want);
        const shown = [
          await diff(null, secret.want),
          type.diff(made, null),
          await older?.(world).then(async () => await diff(await live(), secret.want)),
        ];
        expect(holds(shown, secret.canary)).toBe(false);
      });
    }

    for (const [how, spoil] of Object.entries(subject.unreadable ?? {})) {
      it(`is unreadable, not absent, ${how}`, async () => {
        await spoil(world);
        const reading = await read();
        expect(reading.is).toBe('unreadable');
        if (reading.is === 'unreadable') expect(reading.why.summary).not.toBe('');
      });
    }
  });
}

/** The image as undo gets it: encoded, through JSON, decoded. */
function throughJournal<P extends PortName, Id, Want, Live, Out>(
  type: ResourceType<P, Id, Want, Live, Out>,
  live: Live | null,
): Live | null {
  if (live === null) return null;
  return type.codec.decode(JSON.parse(JSON.stringify(type.codec.encode(live))), type.version);
}

function present<L>(reading: Reading<L>): L {
  if (reading.is === 'present') return reading.live;
  throw new Error(`expected it to be there, found: ${inspect(reading, { depth: 6 })}`);
}

function presentOrNull<L>(reading: Reading<L>): L | null {
  return reading.is === 'absent' ? null : present(reading);
}

function written<L>(result: Written<L>): L | null {
  if (result.is === 'written') return result.live;
  throw new Error(`expected a write, the world moved to: ${inspect(result.now, { depth: 6 })}`);
}

function holds(value: unknown, canary: string): boolean {
  const shown = `${JSON.stringify(value)}${inspect(value, { depth: 20 })}`;
  return shown.includes(canary) || shown.includes(Buffer.from(canary).toString('base64').slice(0, -4));
}
