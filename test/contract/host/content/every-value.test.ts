import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { withoutComments } from '../../../../src/resources/host/content/value/json-text.ts';
import { jsonValue, tomlValue, type ValueSpec } from '../../../../src/resources/host/content/value/value.ts';
import { thereAndBack } from './there.ts';

const makers = { toml: tomlValue, json: jsonValue } as const;

const documents = {
  toml: [
    `# top\nt = "x" # c\n'a b'."c.d" = [1, { k = "]" }, # in\n [ "\\"#" ] ]\n\n[pkg] # p\nname = '''\n[no]\n'''\ndeps = { a = "1", b.c = 2, b.d = { e = 1979-05-27T07:32:00Z } }\n\n[[bin]]\nn = 1\n[bin.opt]\nx = true\n\n[[bin]]\nn = 2\n[bin.opt]\nx = false\n[z.y]\nlast = 1e3`,
    `[a]\r\nx.y = 1\r\nx.z = 2\r\n\r\n[a.b]\r\n  deep = """ \\""" """ # c\r\n`,
  ],
  json: [
    '// top\n{\n  /* of a */ "a": [1, { "k": "//" }, // in\n    []], // one\n  // of b\n  "b": { "c": 1, "d": { } /* e */ },\n  "f": null, // trailing\n}\n',
    '{"a":1,/* x */"b":{"c":[{"d":2 // e\r\n}]}}',
  ],
} as const;

function pathsIn(data: unknown, at: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  const own = at.length > 0 ? [at] : [];
  if (typeof data !== 'object' || data === null || data instanceof Date) return own;
  const entries = Array.isArray(data) ? [...data.entries()] : Object.entries(data);
  return [...own, ...entries.flatMap(([key, inner]) => pathsIn(inner, [...at, key]))];
}

describe.each(['toml', 'json'] as const)('every value of a %s file', (kind) => {
  const read = (text: string): unknown =>
    kind === 'toml' ? parse(text) : JSON.parse(withoutComments(text).replace(/,(\s*[}\]])/g, '$1'));
  const cases = documents[kind].flatMap((text) =>
    pathsIn(read(text)).map((at) => [JSON.stringify(at), at, text] as const),
  );

  it.each(cases)('%s is replaced, is taken out, gets a neighbour, and all of it is undone', async (_, at, text) => {
    const edits = [
      { at, value: 'new' },
      { at, absent: true },
      { at: [...at.slice(0, -1), 'neighbour'], value: 7 },
    ];
    for (const edit of edits) {
      const done = await thereAndBack(text, (path) => makers[kind]({ ...(edit as unknown as ValueSpec), path })).catch(
        refusal,
      );
      if (done === null) continue;
      const [made, back] = done;
      expect(back).toBe(text);
      if ('absent' in edit) continue;
      expect(pathsIn(read(made))).toContainEqual(edit.at);
      if (edit.value === 7) expect(commentsIn(made)).toEqual(commentsIn(text));
    }
  });
});

function commentsIn(text: string): readonly string[] {
  return [...(text.match(/(?:#|\/\/) [a-z ]+$/gm) ?? [])];
}

// What can't be edited is said, and nothing was written.
function refusal(error: unknown): null {
  expect((error as Error).message).toMatch(/no map|by one|part of a list|no places|is no place|in a list/);
  return null;
}
