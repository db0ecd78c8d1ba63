import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readDocuments } from '../../../../src/resources/kubernetes/bundle/documents.ts';
import { pathOf, whyNoApiServer } from '../../../rig/programs.ts';

const scalars = [
  ...['yes', 'NO', 'on', 'Off', 'y', 'n', 'True', 'true', '~', 'null', '"yes"', "'5'", '!!str 12'],
  ...['12', '012', '08', '00', '0o17', '0777', '0x1F', '0b11', '-012', '+1', '1_000', '123456789012'],
  ...['1.0', '.5', '1.', '1e3', '1e+3', '1.5e3', '0.1e10', '2026-01-01', '2026-01-01T00:00:00Z', '12:30:45', '='],
  ...['100m', '1Gi', '1.2.3', '0.0.0.0/0', '1e3Mi', '08:00', '[1, 012]', '{a: on}'],
];

function withData(value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { x: ${value} }\n`;
}

function objectsIn(text: string): readonly unknown[] {
  const { objects, problems } = readDocuments(text, 'a.yaml');
  expect(problems).toEqual([]);
  return objects.map(({ object }) => object);
}

describe('documents of a manifest', () => {
  const why = whyNoApiServer();

  it.skipIf(why !== null)('have the types that kubectl gives them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cairn-yaml-'));
    const file = join(folder, 'a.yaml');
    const whole = scalars.map((value, i) => `x${i}: ${value}`).join('\n');
    const text = `apiVersion: a.example/v1\nkind: A\nmetadata: { name: a }\n${whole}\nm: &m { q: 1 }\nn: { <<: *m, r: 2 }\n`;
    try {
      writeFileSync(file, text);
      const theirs: unknown = JSON.parse(
        execFileSync(pathOf('kubectl'), ['annotate', '--local', '-f', file, '-o', 'json', 'a=b'], { encoding: 'utf8' }),
      );
      const [ours] = objectsIn(text.replace('{ name: a }', '{ name: a, annotations: { a: b } }'));
      expect(ours).toEqual(theirs);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('keep every value that is written as YAML or as JSON', () => {
    // YAML 1.1 has a meaning of its own for the key `<<`.
    const key = fc.string({ minLength: 1 }).filter((name) => name !== '__proto__' && name !== '<<');
    const leaf = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true, max: 1e15, min: -1e15 }),
    );
    const value = fc.oneof(leaf, fc.array(leaf), fc.dictionary(key, leaf));
    fc.assert(
      fc.property(fc.array(fc.dictionary(key, value), { minLength: 1, maxLength: 4 }), (all) => {
        const objects = all.map((spec, i) => ({
          apiVersion: 'a.example/v1',
          kind: 'A',
          metadata: { name: `a${i}` },
          spec: JSON.parse(JSON.stringify(spec)) as unknown,
        }));
        const yaml = objects.map((one) => stringify(one, { version: '1.1' })).join('---\n');
        expect(objectsIn(yaml)).toEqual(objects);
        expect(objectsIn(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }))).toEqual(objects);
      }),
      { numRuns: 300 },
    );
  });

  it('are many in a file; empty ones don’t count, and lists are taken apart', () => {
    const text = `# nothing\n---\n${withData('b')}---\n\n---\napiVersion: v1\nkind: ConfigMapList\nitems:\n- ${withData('c').trim().replaceAll('\n', '\n  ')}\n`;
    expect(objectsIn(text)).toHaveLength(2);
  });

  it('say all that is wrong, each with its place', () => {
    const text = `kind: ConfigMap\nmetadata: { name: a }\n---\napiVersion: v1\nkind: Pod\nmetadata: { generateName: b- }\n---\n- 1\n---\n${withData('12345678901234567890')}---\na: 1\na: 2\n`;
    const { objects, problems } = readDocuments(text, 'a.yaml');
    expect(objects).toHaveLength(1);
    expect(problems.map(({ source, summary }) => `${source?.line}:${source?.column} ${summary}`)).toEqual([
      '1:1 this ConfigMap has no apiVersion, or it is no text',
      '4:1 this Pod has no metadata.name, or it is no text',
      '8:1 this is no Kubernetes object: it has no fields',
      '13:12 12345678901234567890 is too large to be exact',
      '16:1 Map keys must be unique',
    ]);
  });

  it('may not be a bomb of aliases', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`);
    const text = `${withData('a')}l0: &l0 [x]\n${levels.join('\n')}\n`;
    expect(readDocuments(text, 'a.yaml').problems.map(({ code }) => code)).toEqual(['bad-yaml']);
  });
});
