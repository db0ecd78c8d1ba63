import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadProject } from '../../src/project/load.ts';
import { envOf, projectOf } from './rig.ts';

const files = [
  'cairn.yaml',
  'inventory/local/hosts.yaml',
  'inventory/local/clusters.yaml',
  'inventory/local/group_vars/all.yaml',
  'playbooks/shop.yaml',
  'playbooks/machine.yaml',
  'roles/shop/defaults.yaml',
];

const scraps = [
  '{{',
  '}}',
  ': ',
  '- ',
  '[',
  '}',
  '!secret ',
  '!env ',
  '*x ',
  '&x ',
  '\n',
  '  ',
  '"',
  'null',
  '__proto__: ',
  '<<: ',
];

test('whatever is typed over a project is told as problems with places, never thrown', async () => {
  const root = projectOf('shop');
  const scrap = fc.record({
    file: fc.constantFrom(...files),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    drop: fc.nat(12),
    put: fc.oneof(fc.constantFrom(...scraps), fc.string({ maxLength: 6 })),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(scrap, { minLength: 1, maxLength: 3 }), async (changes) => {
      const before = new Map(changes.map(({ file }) => [file, readFileSync(join(root, file), 'utf8')]));
      for (const { file, at, drop, put } of changes) {
        const text = readFileSync(join(root, file), 'utf8');
        const offset = Math.floor(at * text.length);
        writeFileSync(join(root, file), text.slice(0, offset) + put + text.slice(offset + drop));
      }
      try {
        const playbook = 'playbooks/shop.yaml';
        const selection = { only: [], set: [] };
        const { project, problems } = await loadProject({
          root,
          cwd: root,
          playbook,
          set: [],
          selection,
          env: envOf(root),
        });
        expect(project === null).toBe(problems.some(({ severity }) => severity === 'error'));
        for (const { source, code } of problems) {
          expect(code).not.toBe('internal');
          if (source) expect(source).toMatchObject({ line: expect.any(Number), column: expect.any(Number) });
        }
      } finally {
        for (const [file, text] of before) writeFileSync(join(root, file), text);
      }
    }),
    { numRuns: 150 },
  );
});
