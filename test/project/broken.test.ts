import { join } from 'node:path';
import { expect, test } from 'vitest';
import { load } from '../../src/cli/load.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { type BrokenProject, type Expected, readCases } from './case.ts';
import { envOf, projectOf } from './rig.ts';

const cases = readCases(join(import.meta.dirname, 'broken'));

async function problemsOf({ files, env, set, only, from, limit }: BrokenProject): Promise<readonly Diagnostic[]> {
  const root = projectOf('shop', files);
  const { problems } = await load({
    root,
    cwd: root,
    playbook: 'playbooks/shop.yaml',
    env: envOf(root, env),
    set,
    selection: { only, set, ...(from === undefined ? {} : { from }), ...(limit === undefined ? {} : { limit }) },
  });
  return problems;
}

function placeOf({ source }: Diagnostic, expected: Expected | undefined): string | undefined {
  if (!source) return undefined;
  return expected?.place?.endsWith(':*') ? `${source.file}:*` : `${source.file}:${source.line}:${source.column}`;
}

test.each(cases.map((one) => [one.what, one] as const))('%s', async (_, one) => {
  const problems = await problemsOf(one);
  const found = problems.map((problem, index) => {
    const expected = one.expected[index];
    return {
      place: placeOf(problem, expected),
      code: problem.code,
      summary: expected?.summary === undefined ? undefined : problem.summary,
      help: expected?.help === undefined ? undefined : problem.help,
    };
  });
  expect(found, JSON.stringify(problems, null, 1)).toEqual(one.expected);
});
