import { expect, test } from 'vitest';
import { CairnError } from '../../../src/model/diagnostic.ts';
import { restore, type Step, step } from '../../../src/model/step.ts';
import { compile } from '../../../src/plan/compile.ts';
import { command } from '../../../src/resources/host/command.ts';
import { iniValue } from '../../../src/resources/host/content/value/value.ts';
import { World } from '../../rig/world.ts';

// As a step without types may say it.
const wrong: Readonly<Record<string, () => unknown>> = {
  'undo of command build is no list of a program and its arguments': () =>
    command({ id: 'build', creates: '/b', argv: ['build'], undo: 'rm /b' as never }),
  'argv of command build is no list of a program and its arguments': () =>
    command({ id: 'build', creates: '/b', argv: [] as never }),
  '{"a":1} can\'t be a value in INI: a value is one line of text, a number, or true or false': () =>
    iniValue({ path: '/etc/a.ini', at: ['a', 'b'], value: { a: 1 } }),
  '"one\\ntwo" can\'t be a value in INI: a value is one line of text, a number, or true or false': () =>
    iniValue({ path: '/etc/a.ini', at: ['a', 'b'], value: 'one\ntwo' }),
};

test.each(Object.entries(wrong))('lint says where: %s', (summary, declare) => {
  expect(declare).toThrow(CairnError);
  const one = step({ summary: 'One', on: 'hosts', undo: restore, resources: () => ({ one: declare() as never }) });
  const { instances } = new World({ 'demo/10_one': one as Step });
  const { problems } = compile({ root: '/nowhere', instances });
  expect(problems).toMatchObject([{ summary, source: { file: 'steps/demo/10_one.ts' } }]);
});
