import { describe, expect, it } from 'vitest';
import { tomlValue, type ValueSpec } from '../../../../src/resources/host/content/value/value.ts';
import { thereAndBack } from './there.ts';

describe('a value of TOML', () => {
  it.each([
    ['takes the place of another', 'a = 1 # one\nb = 2\n', { at: ['a'], value: 'x' }, 'a = "x" # one\nb = 2\n'],
    [
      'goes to the end of its table',
      'x = 1\n[a]\ny = 1 # c\n\n# of b\n[b]\nz = 1\n',
      { at: ['a', 'n'], value: [1, 'b'] },
      'x = 1\n[a]\ny = 1 # c\nn = [1, "b"]\n\n# of b\n[b]\nz = 1\n',
    ],
    ['goes before all tables', '# c\n[a]\nx = 1\n', { at: ['y'], value: 1 }, 'y = 1\n# c\n[a]\nx = 1\n'],
    ['has its tables made', 'x = 1\n', { at: ['a', 'b', 'y'], value: true }, 'x = 1\n\n[a.b]\ny = true\n'],
    ['has a table made beside another', '[a.b]\nx = 1\n', { at: ['a', 'y'], value: 1 }, '[a.b]\nx = 1\n\n[a]\ny = 1\n'],
    ['goes into an empty file', '', { at: ['a', 'y z'], value: 'v' }, '[a]\n"y z" = "v"\n'],
    ['goes behind a line without an end', 'a = 1', { at: ['b'], value: 2 }, 'a = 1\nb = 2'],
    ['ends like the others', '[a]\r\nx = 1\r\n', { at: ['a', 'y'], value: 2 }, '[a]\r\nx = 1\r\ny = 2\r\n'],
    ['is put into braces', 'm = { a = 1 } # c\n', { at: ['m', 'b', 'c'], value: 2 }, 'm = { a = 1, b.c = 2 } # c\n'],
    ['is put into empty braces', 'm = {}\n', { at: ['m', 'b'], value: 2 }, 'm = {b = 2}\n'],
    [
      'is found in braces',
      'm = { a = 1, b = [ {c = 2} ] }\n',
      { at: ['m', 'b', 0, 'c'], value: 3 },
      'm = { a = 1, b = [ {c = 3} ] }\n',
    ],
    ['is taken out of braces', 'm = { a = 1, b = 2 }\n', { at: ['m', 'a'], absent: true }, 'm = { b = 2 }\n'],
    ['goes beside its like', 'a.x = 1\nb = 2\n', { at: ['a', 'y'], value: 1 }, 'a.x = 1\na.y = 1\nb = 2\n'],
    [
      'is found in a list of tables',
      '[[s]]\nn = "a"\n[s.in]\nx = 1\n[[s]]\nn = "b"\n[s.in]\nx = 2\n',
      { at: ['s', 1, 'in', 'x'], value: 3 },
      '[[s]]\nn = "a"\n[s.in]\nx = 1\n[[s]]\nn = "b"\n[s.in]\nx = 3\n',
    ],
    [
      'takes the place of what spans lines',
      'a = [\n  1, # one\n  "]",\n]\nb = """\n[x]\n\\""""""\nc = 1979-05-27 07:32:00\n',
      { at: ['a'], value: [] },
      'a = []\nb = """\n[x]\n\\""""""\nc = 1979-05-27 07:32:00\n',
    ],
    ['is taken out', '[a]\nx = 1\n# of y\ny = 2\nz = 3', { at: ['a', 'y'], absent: true }, '[a]\nx = 1\n# of y\nz = 3'],
    [
      'is taken out with its tables',
      'x = 1\n\n[a]\ny = 1\n\n[a.b]\nz = 1\n\n[c]\n',
      { at: ['a'], absent: true },
      'x = 1\n\n[c]\n',
    ],
  ] as const)('%s: %j', async (_, before, spec, after) => {
    const [made, back] = await thereAndBack(before, (path) => tomlValue({ ...(spec as unknown as ValueSpec), path }));
    expect(made).toBe(after);
    expect(back).toBe(before);
  });
});
