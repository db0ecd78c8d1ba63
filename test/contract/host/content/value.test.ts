import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/model/secret.ts';
import {
  iniValue,
  jsonValue,
  tomlValue,
  type ValueSpec,
  yamlValue,
} from '../../../../src/resources/host/content/value/value.ts';
import { contractSuite } from '../../suite.ts';
import { openFake, worlds } from '../worlds.ts';
import { partsOf, thereAndBack } from './there.ts';

const canary = 'canary-7711aa0e-of-the-value';
const starts = {
  yaml: '# top\nlog:   # why\n    level: info\n\nlist: [ a,  b ]\n',
  ini: '; top\n[log]\nlevel = info\n\n[list]\nx=1\n',
  toml: '# top\n[log] # why\nlevel = "info"\n\n[list]\nx=[1, 2]\n',
  json: '{\n    "log": { "level" : "info" },\n    "list": [1,2]\n}\n',
} as const;
const makers = { yaml: yamlValue, json: jsonValue, ini: iniValue, toml: tomlValue } as const;

for (const kind of ['yaml', 'json', 'ini', 'toml'] as const) {
  const { type, id, want } = partsOf(makers[kind]({ path: '/f', at: ['log', 'file'], value: 'a b' }));
  const withFile = (value: string): string => {
    if (kind === 'json') return starts.json.replace('"info"', `"info", "file": "${value}"`);
    if (kind === 'toml') return starts.toml.replace('"info"\n', `"info"\nfile = "${value}"\n`);
    return starts[kind].replace('info\n', kind === 'ini' ? `info\nfile = ${value}\n` : `info\n    file: ${value}\n`);
  };
  for (const [where, open] of Object.entries(worlds)) {
    contractSuite({
      name: `${kind} value on ${where}`,
      type,
      open: async () => {
        const world = await open();
        await world.put('conf', starts[kind]);
        return world;
      },
      id: (world) => ({ ...id, path: `${world.folder}/conf` }),
      want,
      drifts: { [`${kind}Value`]: async (world) => await world.put('conf', withFile('c')) },
      older: async (world) => await world.put('conf', withFile('old')),
      snapshot: async (world) => world.tree(),
      secret: { want: { value: new Secret(canary) }, canary },
      unreadable: { 'when it is damaged': async (world) => await world.put('conf', '{"log": [\n[log]\n[log]\n') },
    });
  }
}

async function there(kind: keyof typeof makers, content: string, spec: Omit<ValueSpec, 'path'>) {
  return await thereAndBack(content, (path) => makers[kind]({ path, ...spec }));
}

describe('a value', () => {
  it.each([
    ['takes the place of another', 'yaml', 'a: 1 # one\nb: 2\n', { at: ['a'], value: 3 }, 'a: 3 # one\nb: 2\n'],
    [
      'goes to the end of its map',
      'yaml',
      'a: 1\nm:\n  x: 1\nz: 1\n',
      { at: ['m', 'y'], value: 'no' },
      'a: 1\nm:\n  x: 1\n  "y": "no"\nz: 1\n',
    ],
    ['has its maps made', 'yaml', 'a: 1\n', { at: ['m', 'n', 'y'], value: true }, 'a: 1\nm: {"n":{"y":true}}\n'],
    ['goes into an empty file', 'yaml', '', { at: ['a', 'b'], value: 1 }, 'a: {"b":1}\n'],
    ['goes behind comments alone', 'yaml', '# c\n', { at: ['a'], value: 1 }, '# c\na: 1\n'],
    ['goes to the end of a text whose last line has no end', 'yaml', 'a: 1', { at: ['b'], value: 1 }, 'a: 1\nb: 1'],
    ['ends like the others', 'yaml', 'a: 1\r\nb: 2\r\n', { at: ['c'], value: 1 }, 'a: 1\r\nb: 2\r\nc: 1\r\n'],
    [
      'takes the place of a map',
      'yaml',
      'a:\n  x: 1\n  y: 2 # c\nb: 1\n',
      { at: ['a'], value: { x: 2 } },
      'a: {"x":2} # c\nb: 1\n',
    ],
    [
      'takes the place of a block of text',
      'yaml',
      'a: |\n  one\n  two\nb: 1\n',
      { at: ['a'], value: 'x' },
      'a: x\nb: 1\n',
    ],
    ['takes the place of nothing', 'yaml', 'a:\nb: 1\n', { at: ['a'], value: 'x' }, 'a: x\nb: 1\n'],
    [
      'is found in a list',
      'yaml',
      'u:\n  - n: a\n    s: 1\n  - n: b\n',
      { at: ['u', 0, 'n'], value: 'c' },
      'u:\n  - n: c\n    s: 1\n  - n: b\n',
    ],
    [
      'is put into a map of a list',
      'yaml',
      'u:\n  - n: a\n  - n: b\n',
      { at: ['u', 0, 's'], value: 2 },
      'u:\n  - n: a\n    s: 2\n  - n: b\n',
    ],
    ['takes the place of one in a list', 'yaml', 'l: [a, b]\n', { at: ['l', 1], value: 'x, y' }, 'l: [a, "x, y"]\n'],
    ['is put into braces', 'yaml', 'm: {a: 1}\n', { at: ['m', 'b'], value: 'c' }, 'm: {a: 1, b: c}\n'],
    ['is put into empty braces', 'yaml', 'm: {}\n', { at: ['m', 'b'], value: 1 }, 'm: {b: 1}\n'],
    ['is taken out', 'yaml', 'a: 1\n# of b\nb: 2\nc: 3\n', { at: ['b'], absent: true }, 'a: 1\n# of b\nc: 3\n'],
    ['is taken out of the beginning', 'yaml', 'a: 1\nb: 2\n', { at: ['a'], absent: true }, 'b: 2\n'],
    [
      'is taken out of a map of others',
      'yaml',
      'm:\n  a: 1\n  b: 2\n',
      { at: ['m', 'a'], absent: true },
      'm:\n  b: 2\n',
    ],
    [
      'takes the place of another',
      'json',
      '{"a" : 1,\n\t"b":[1]}',
      { at: ['b'], value: { c: null } },
      '{"a" : 1,\n\t"b": {"c":null}}',
    ],
    [
      'goes to the end of its map',
      'json',
      '{\n  "a": 1\n}\n',
      { at: ['b'], value: 'x' },
      '{\n  "a": 1,\n  "b": "x"\n}\n',
    ],
    ['has its maps made', 'json', '{"a": 1}\n', { at: ['b', 'c'], value: 1 }, '{"a": 1, "b": {"c":1}}\n'],
    ['goes into empty braces', 'json', '{}\n', { at: ['b'], value: 1 }, '{"b": 1}\n'],
    ['goes into an empty file', 'json', '', { at: ['b', 'c'], value: 1 }, '{\n  "b": {\n    "c": 1\n  }\n}\n'],
    ['is taken out', 'json', '{"a": 1, "b": 2, "c": 3}', { at: ['b'], absent: true }, '{"a": 1, "c": 3}'],
    ['is taken out of the beginning', 'json', '{ "a": 1, "b": 2 }', { at: ['a'], absent: true }, '{ "b": 2 }'],
    ['is taken out of the end', 'json', '{ "a": 1, "b": 2 }', { at: ['b'], absent: true }, '{ "a": 1 }'],
    [
      'keeps comments',
      'json',
      '// top\n{\n  /* of a */ "a" /* : */ : 1, // one\n  "b": "// 2",\n}\n',
      { at: ['a'], value: 3 },
      '// top\n{\n  /* of a */ "a" /* : */ : 3, // one\n  "b": "// 2",\n}\n',
    ],
    [
      'goes behind the comment of the one before',
      'json',
      '{\n  "a": 1 // one\n}\n',
      { at: ['b'], value: 2 },
      '{\n  "a": 1, // one\n  "b": 2\n}\n',
    ],
    [
      'goes behind a trailing comma',
      'json',
      '{\r\n  "a": 1, /* one */\r\n}\r\n',
      { at: ['b'], value: 2 },
      '{\r\n  "a": 1, /* one */\r\n  "b": 2,\r\n}\r\n',
    ],
    [
      'leaves its neighbours their comments',
      'json',
      '{\n  "a": 1, // one\n  // of b\n  "b": 2 // two\n}',
      { at: ['b'], absent: true },
      '{\n  "a": 1 // one\n  // of b // two\n}',
    ],
    [
      'leaves the end of a comment',
      'json',
      '{ "a": 1, // one\n "b": 2 }',
      { at: ['b'], absent: true },
      '{ "a": 1 // one\n }',
    ],
    [
      'is taken out of its line',
      'json',
      '{\n  // of a\n  "a": 1, // one\n  "b": 2,\n  "c": 3\n}',
      { at: ['a'], absent: true },
      '{\n  // of a\n  // one\n  "b": 2,\n  "c": 3\n}',
    ],
    [
      'takes its line with it',
      'json',
      '{\n  "a": 1, // one\n  "b": 2,\n  "c": 3\n}',
      { at: ['b'], absent: true },
      '{\n  "a": 1, // one\n  "c": 3\n}',
    ],
    [
      'takes the place of another',
      'ini',
      '# c\n[a]\nx=1\n[b]\nx = 1\n',
      { at: ['b', 'x'], value: 2 },
      '# c\n[a]\nx=1\n[b]\nx = 2\n',
    ],
    [
      'goes to the end of its section',
      'ini',
      '[a]\nx=1\n\n[b]\ny=1\n',
      { at: ['a', 'z'], value: 'on' },
      '[a]\nx=1\nz=on\n\n[b]\ny=1\n',
    ],
    ['goes into an empty section', 'ini', '[a]\n[b]\n', { at: ['a', 'z'], value: true }, '[a]\nz = true\n[b]\n'],
    ['goes into an empty last section', 'ini', '[a]', { at: ['a', 'z'], value: 1 }, '[a]\nz = 1'],
    ['has its section made', 'ini', '[a]\r\nx=1\r\n', { at: ['b', 'y'], value: 'v' }, '[a]\r\nx=1\r\n[b]\r\ny = v\r\n'],
    [
      'has its section made behind a line without an end',
      'ini',
      '[a]\nx=1',
      { at: ['b', 'y'], value: 'v' },
      '[a]\nx=1\n[b]\ny = v',
    ],
    ['goes before all sections', 'ini', '; c\n[a]\nx=1\n', { at: ['', 'y'], value: 'v' }, 'y = v\n; c\n[a]\nx=1\n'],
    ['goes into an empty file', 'ini', '', { at: ['a', 'y'], value: 'v' }, '[a]\ny = v\n'],
    ['is taken out', 'ini', '[a]\nx=1\n# of y\ny = 2 \nz=3', { at: ['a', 'y'], absent: true }, '[a]\nx=1\n# of y\nz=3'],
    ['is taken out of the end', 'ini', '[a]\nx=1\ny=2', { at: ['a', 'y'], absent: true }, '[a]\nx=1'],
  ] as const)('%s of %s: %j', async (_, kind, before, spec, after) => {
    const [made, back] = await there(kind, before, spec as Omit<ValueSpec, 'path'>);
    expect(made).toBe(after);
    expect(back).toBe(before);
  });

  it.each(['yaml', 'json', 'ini'] as const)(
    'of %s leaves what others put beside it, though its map was made for it',
    async (kind) => {
      const { host, folder } = await openFake();
      const path = `${folder}/f`;
      const [ours, theirs] = ['x', 'y'].map((key) => partsOf(makers[kind]({ path, at: ['m', key], value: 'v' })));
      const put = async ({ type, id, want }: ReturnType<typeof partsOf>) => {
        const before = await type.read(id, host);
        const live = before.is === 'present' ? before.live : null;
        const written = await type.write({ id, want, live, options: {} }, host);
        if (written.is === 'moved') throw new Error('it moved');
        return async () => await type.restore({ id, before: live, live: written.live }, host);
      };
      const keysLeft = (): string[] => {
        const text = Buffer.from(host.files.content(path) ?? []).toString();
        return ['m', 'x', 'y'].filter((key) => new RegExp(`\\b${key}\\b`).test(text));
      };
      if (!ours || !theirs) throw new Error('two values');
      const takeBack = await put(ours);
      await put(theirs);
      expect((await takeBack()).is).toBe('written');
      expect(keysLeft()).toEqual(['m', 'y']);
    },
  );

  it('that lies in what is no map, or in a list that has no such place, is unreadable', async () => {
    await expect(there('yaml', 'a: 1\n', { at: ['a', 'b'], value: 1 })).rejects.toThrow(/lies in what is no map/);
    await expect(there('yaml', 'a: [1]\n', { at: ['a', 3], value: 1 })).rejects.toThrow(/has no place 3/);
  });
});
