import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/model/secret.ts';
import { type LineSpec, line } from '../../../../src/resources/host/content/line.ts';
import { contractSuite } from '../../suite.ts';
import { worlds } from '../worlds.ts';
import { partsOf, thereAndBack } from './there.ts';

const canary = 'canary-91c57f3a-of-the-line';
const start = '# sshd\n#PermitRootLogin prohibit-password\nPort 22\nUseDNS no\n';

const { type, id, want } = partsOf(
  line({ path: '/etc/app', line: 'PermitRootLogin no', match: /^\s*PermitRootLogin\b/i }),
);

for (const [where, open] of Object.entries(worlds)) {
  contractSuite({
    name: `line on ${where}`,
    type,
    open: async () => {
      const world = await open();
      await world.put('sshd_config', start, '0640');
      await world.chmod('sshd_config', '0644');
      return world;
    },
    id: (world) => ({ ...id, path: `${world.folder}/sshd_config` }),
    want,
    drifts: { line: async (world) => await world.put('sshd_config', `${start}permitrootlogin yes\n`) },
    older: async (world) =>
      await world.put('sshd_config', `# sshd\r\nPermitRootLogin yes\r\nPort 22\r\nPermitRootLogin without-password`),
    snapshot: async (world) => world.tree(),
    secret: { want: { line: new Secret(`PermitRootLogin ${canary}`) }, canary },
    unreadable: {
      'when it is a directory': async (world) => {
        await world.remove('sshd_config');
        await world.mkdir('sshd_config');
      },
      'when it is a link': async (world) => {
        await world.remove('sshd_config');
        await world.link('sshd_config', '/nowhere');
      },
      'when it is no text': async (world) => await world.put('sshd_config', 'a\0b'),
    },
  });

  describe(`a line on ${where}`, () => {
    it('makes its file where there is none, and undo takes the file away', async () => {
      const world = await open();
      const before = world.tree();
      const at = { ...id, path: `${world.folder}/none` };
      const found = await type.read(at, world.reader);
      const live = found.is === 'present' ? found.live : null;
      const written = await type.write({ id: at, want, live, options: {} }, world.writer);
      expect(written.is).toBe('written');
      const content = await world.reader.ask({ ask: 'content', path: at.path });
      expect(Buffer.from(content ?? []).toString()).toBe('PermitRootLogin no\n');
      const now = written.is === 'written' ? written.live : null;
      await type.restore({ id: at, before: live, live: now }, world.writer);
      expect(world.tree()).toEqual(before);
      await world.close();
    });

    it('that its check refuses does not go live, and nothing is left of it', async () => {
      const world = await open();
      await world.put('sshd_config', start);
      const before = world.tree();
      const at = { ...id, path: `${world.folder}/sshd_config` };
      const checked = { ...(want as object), validate: ['false', '%s'] };
      const write = type.write({ id: at, want: checked, live: null, options: {} }, world.writer);
      await expect(write).rejects.toThrow(/was refused by its check/);
      expect(world.tree()).toEqual(before);
      await world.close();
    });
  });
}

async function there(content: Uint8Array | string, spec: Omit<LineSpec, 'path'>): Promise<readonly [string, string]> {
  return await thereAndBack(content, (path) => line({ path, ...spec }));
}

describe('a line', () => {
  it.each([
    ['goes to the end', 'a\nb\n', { line: 'c' }, 'a\nb\nc\n'],
    ['goes to the end of a text whose last line has no end', 'a\nb', { line: 'c' }, 'a\nb\nc'],
    ['ends like the others', 'a\r\nb\r\n', { line: 'c' }, 'a\r\nb\r\nc\r\n'],
    ['goes into an empty file', '', { line: 'c' }, 'c\n'],
    ['goes after the last that matches', 'a\nb\na\nz\n', { line: 'c', after: /^a/ }, 'a\nb\na\nc\nz\n'],
    ['goes before the first that matches', 'a\nb\nb\n', { line: 'c', before: '^b' }, 'a\nc\nb\nb\n'],
    ['goes to the end where nothing matches', 'a\n', { line: 'c', after: 'x', before: 'y' }, 'a\nc\n'],
    ['takes the place of the first, and of all others', 'x=1\na\nx=2\n', { line: 'x=3', match: '^x=' }, 'x=3\na\n'],
    ['stays where it is, and others go', 'x=1\na\nx=3\n', { line: 'x=3', match: '^x=' }, 'a\nx=3\n'],
    ['is removed with all that match', 'x=1\na\nx=2', { match: '^x=', absent: true }, 'a'],
    ['with letters of regular expressions is itself', 'a.b\n', { line: 'a*b' }, 'a.b\na*b\n'],
    ['finds its way back into ISO 8859-1', 'gr\xfcn\n', { line: 'rot' }, 'gr\xfcn\nrot\n'],
  ] as const)('%s', async (_, before, spec, after) => {
    const bytes = Buffer.from(before, 'latin1');
    expect(await there(bytes, spec)).toEqual([after, before]);
  });

  it('is refused when it is not matched by its own expression', async () => {
    await expect(there('a\n', { line: 'y=1', match: '^x=' })).rejects.toMatchObject({ code: 'bad-line' });
    await expect(there('a\n', { line: 'x=1\ny', match: '^x=' })).rejects.toMatchObject({ code: 'bad-line' });
    await expect(there(Buffer.from([0xfc]), { line: '→' })).rejects.toMatchObject({ code: 'bad-encoding' });
    expect(() => line({ path: '/etc/x', line: new Secret('s') })).toThrow(/has no match/);
  });

  it('is gone again after undo, byte for byte, whatever the file held', async () => {
    const text = fc
      .array(fc.tuple(fc.constantFrom('', 'a', 'x=1', 'x=2', ' x=1'), fc.constantFrom('\n', '\r\n')))
      .chain((lines) =>
        fc.constantFrom('', 'a', 'x=2').map((last) => lines.map((one) => one.join('')).join('') + last),
      );
    const spec = fc.constantFrom<Omit<LineSpec, 'path'>[]>(
      { line: 'x=9', match: '^x=' },
      { line: 'x=2', match: '^x=', after: '^a$' },
      { line: 'new', before: '^a$' },
      { match: '^x=', absent: true },
    );
    await fc.assert(
      fc.asyncProperty(text, spec, async (before, one) => {
        expect((await there(before, one))[1]).toBe(before);
      }),
      { numRuns: 500 },
    );
  });
});
