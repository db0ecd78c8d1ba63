import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/model/secret.ts';
import { type BlockSpec, block } from '../../../../src/resources/host/content/block.ts';
import { contractSuite } from '../../suite.ts';
import { worlds } from '../worlds.ts';
import { partsOf, thereAndBack } from './there.ts';

const canary = 'canary-4b2e97aa-of-the-block';
const start = 'Host *\n  Compression yes\n';
const { type, id, want } = partsOf(block({ path: '/f', name: 'our jumps', content: 'Host jump\n  User me\n' }));

for (const [where, open] of Object.entries(worlds)) {
  contractSuite({
    name: `block on ${where}`,
    type,
    open: async () => {
      const world = await open();
      await world.put('config', start);
      return world;
    },
    id: (world) => ({ ...id, path: `${world.folder}/config` }),
    want,
    drifts: {
      block: async (world) =>
        await world.put('config', `${start}# BEGIN our jumps\nHost jump\n  User you\n# END our jumps\n`),
    },
    older: async (world) => await world.put('config', `# BEGIN our jumps\n\n# END our jumps\n${start}`),
    snapshot: async (world) => world.tree(),
    secret: { want: { content: new Secret(`Password ${canary}\n`) }, canary },
    unreadable: {
      'when the end of it is missing': async (world) => await world.put('config', '# BEGIN our jumps\nHost x\n'),
      'when it is there twice': async (world) =>
        await world.put('config', '# BEGIN our jumps\n# END our jumps\n'.repeat(2)),
    },
  });
}

describe.each(Object.entries(worlds))('a file that is made for a block on %s', (_, open) => {
  it.each([
    ["is root's", {}, ['0644', 'root']],
    ['is whose it is said to be', { born: { mode: '0600', owner: 'daemon', group: 'daemon' } }, ['0600', 'daemon']],
  ])('%s', async (_, born, expected) => {
    const world = await open();
    try {
      const path = `${world.folder}/config`;
      const { type, id, want } = partsOf(block({ path, name: 'x', content: 'a', ...born }));
      const found = await type.read(id, world.reader);
      await type.write({ id, want, live: found.is === 'present' ? found.live : null, options: {} }, world.writer);
      const state = await world.reader.ask({ ask: 'stat', path });
      expect([state?.mode, state?.owner]).toEqual(expected);
    } finally {
      await world.close();
    }
  });
});

async function there(content: string, spec: Partial<BlockSpec>): Promise<readonly [string, string]> {
  return await thereAndBack(content, (path) => block({ path, name: 'x', ...spec }));
}

describe('a block', () => {
  it.each([
    ['goes to the end', 'a\n', { content: 'b' }, 'a\n# BEGIN x\nb\n# END x\n'],
    ['goes before a line', 'a\n', { content: 'b\nc\n', before: /a/ }, '# BEGIN x\nb\nc\n# END x\na\n'],
    ['may be empty', 'a\n', { content: '' }, 'a\n# BEGIN x\n# END x\n'],
    ['stays where it is', '# BEGIN x\nold\n# END x\na\n', { content: 'b\nc' }, '# BEGIN x\nb\nc\n# END x\na\n'],
    ['ends like the others', 'a\r\n', { content: 'b' }, 'a\r\n# BEGIN x\r\nb\r\n# END x\r\n'],
    [
      'has the comments of its language',
      'a\n',
      { content: 'b', comment: ['<!--', '-->'] as const },
      'a\n<!-- BEGIN x -->\nb\n<!-- END x -->\n',
    ],
    ['is removed with its markers', 'a\n# BEGIN x\nb\n# END x\nc', { absent: true }, 'a\nc'],
    [
      'takes a block over from Ansible',
      '# BEGIN ANSIBLE MANAGED BLOCK\nb\n# END ANSIBLE MANAGED BLOCK\n',
      { name: 'ANSIBLE MANAGED BLOCK', content: 'c' },
      '# BEGIN ANSIBLE MANAGED BLOCK\nc\n# END ANSIBLE MANAGED BLOCK\n',
    ],
  ])('%s', async (_, before, spec, after) => {
    expect(await there(before, spec)).toEqual([after, before]);
  });

  it('that holds its own marker is refused', async () => {
    await expect(there('', { content: '# END x' })).rejects.toMatchObject({ code: 'bad-block' });
  });

  it('is gone again after undo, byte for byte, whatever the file held', async () => {
    const text = fc.array(fc.constantFrom('a\n', 'b\n', '\n', 'a\r\n')).map((lines) => lines.join(''));
    const around = fc.tuple(text, fc.constantFrom('', '# BEGIN x\n# END x\n', '# BEGIN x\nold\n# END x\n'), text);
    const spec = fc.constantFrom<Partial<BlockSpec>[]>(
      { content: 'new' },
      { content: 'new', after: '^a' },
      { absent: true },
    );
    await fc.assert(
      fc.asyncProperty(around, fc.constantFrom('', 'z'), spec, async (parts, last, one) => {
        const before = parts.join('') + last;
        expect((await there(before, one))[1]).toBe(before);
      }),
      { numRuns: 500 },
    );
  });
});
