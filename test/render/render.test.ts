import { expect, test } from 'vitest';
import { reveal, Secret } from '../../src/model/secret.ts';
import { follow, type Lookup } from '../../src/render/lookup.ts';
import { renderText, renderValue } from '../../src/render/render.ts';
import { parseTemplate } from '../../src/render/template.ts';
import { TemplateError } from '../../src/render/template-error.ts';

const data = {
  port: 3141,
  on: true,
  none: null,
  hosts: ['a', 'b'],
  devpi: { host: 'Devpi.Localhost', tags: { x: 1, y: 2 } },
  users: [{ name: 'ann' }, { name: 'bob' }],
  later: '{{port}}',
  password: new Secret('hunter2hunter2'),
};

function value(text: string): unknown {
  return renderValue(parseTemplate(text), (path) => follow(data, path));
}

function failure(text: string): TemplateError {
  try {
    value(text);
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error(`${text} was filled in`);
}

test.each([
  ['one expression keeps a number', '{{port}}', 3141],
  ['one expression keeps a boolean', '{{on}}', true],
  ['one expression keeps a list', '{{hosts}}', ['a', 'b']],
  ['one expression keeps a map', '{{devpi.tags}}', { x: 1, y: 2 }],
  ['text around an expression makes a text', 'p{{port}}', 'p3141'],
  ['nothing is escaped', '{{default nope "<a&b>"}}!', '<a&b>!'],
  ['what a value holds is not a template', '{{later}} ', '{{port}} '],
  ['an escaped brace stays', '\\{{port}}', '{{port}}'],
  ['default takes what is there', '{{default port 1}}', 3141],
  ['default falls back for what is missing at any depth', '{{default devpi.a.b.c 7}}', 7],
  ['default falls back for null', '{{default none "x"}}', 'x'],
  ['functions nest', '{{lower (join hosts "-")}}', 'a-b'],
  ['eq, and, or, not are booleans', '{{and (eq port 3141) (or false on) (not none)}}', true],
  ['an item of a list is taken by its number', '{{users.1.name}}', 'bob'],
  ['if and else choose', '{{#if on}}yes{{else}}no{{/if}}', 'yes'],
  ['unless is if the other way round', '{{#unless on}}yes{{else}}no{{/unless}}', 'no'],
  [
    'each names items and counts',
    '{{#each users as |u|}}{{@index}}{{u.name}}{{#unless @last}},{{/unless}}{{/each}}',
    '0ann,1bob',
  ],
  [
    'each sees its item, ../ what is around, @root all',
    '{{#each users}}{{name}}{{../port}}{{@root.on}} {{/each}}',
    'ann3141true bob3141true ',
  ],
  ['each goes over a map by key', '{{#each devpi.tags}}{{@key}}={{this}} {{/each}}', 'x=1 y=2 '],
  ['with steps inside', '{{#with devpi}}{{lower host}}{{/with}}', 'devpi.localhost'],
])('%s', (_, text, expected) => {
  expect(value(text)).toEqual(expected);
});

test('a secret in makes a secret out', () => {
  const url = value('redis://:{{password}}@redis:{{port}}');
  expect(JSON.stringify(url)).toBe('"[secret]"');
  expect(url instanceof Secret && reveal(url)).toBe('redis://:hunter2hunter2@redis:3141');
  expect(value('{{password}}')).toBe(data.password);
  expect(value('{{lower password}}')).toBeInstanceOf(Secret);
});

test.each([
  [
    'an unknown variable is named, with the nearest',
    'a {{devpi.hots}}',
    'undefined-variable',
    1,
    4,
    'devpi.hots is not defined',
    'did you mean "devpi.host"?',
  ],
  [
    'an unknown variable inside a function is found too',
    '{{lower zzzzz}}',
    'undefined-variable',
    1,
    8,
    'zzzzz is not defined',
    'define it, or write {{default zzzzz "…"}}',
  ],
  [
    'nothing of a prototype is reached',
    '{{devpi.constructor}}',
    'undefined-variable',
    1,
    2,
    'devpi.constructor is not defined',
    'define it, or write {{default devpi.constructor "…"}}',
  ],
  [
    'an unknown function is named',
    'x\n{{lowre port}}',
    'template-error',
    2,
    2,
    'unknown function "lowre"',
    'did you mean "lower"?',
  ],
  [
    'a map does not stand in a text',
    'x {{devpi}}',
    'template-error',
    1,
    2,
    "devpi is a map and can't stand in a text",
    'name one value of it, or use join or each',
  ],
  [
    'a block must be closed by its name',
    '\n {{#if on}}{{/each}}',
    'template-error',
    2,
    4,
    "if doesn't match each",
    undefined,
  ],
  [
    'a pipe means nothing',
    '{{port | default}}',
    'template-error',
    1,
    7,
    'a "|" means nothing in a template; write {{default name "value"}}, not {{name | default}}',
    undefined,
  ],
  [
    'another template is not included',
    '{{> other}}',
    'template-error',
    1,
    0,
    'a template may not include another one',
    undefined,
  ],
])('%s', (_, text, code, line, column, message, help) => {
  expect(failure(text)).toMatchObject({ code, at: { line, column }, message, help });
});

test.each([
  ['{{#if on}}', 1, 0],
  ['a {{#if on}}\n b {{#each hosts}}{{/each}}', 1, 2],
  ['a\n b {{port', 2, 3],
])('a template left open says where: %j', (text, line, column) => {
  const message = 'the template ends too early: an expression or a block is left open';
  expect(failure(text)).toMatchObject({ message, at: { line, column } });
});

test('a template mentions its outermost variables, and not those of its blocks', () => {
  const { paths } = parseTemplate('{{#each a.b as |x|}}{{x}}{{y}}{{../z}}{{/each}}{{default q 1}}{{f}}');
  expect(paths.map(({ parts, optional }) => `${parts.join('.')}${optional ? '?' : ''}`)).toEqual([
    'a.b',
    'z',
    'q?',
    'f',
  ]);
});

test('what is asked of the variables is only what the template names', () => {
  const asked: string[] = [];
  const find: Lookup = (path) => {
    asked.push(path.join('.'));
    return follow(data, path);
  };
  expect(renderText(parseTemplate('{{devpi.host}} {{port}}'), find)).toBe('Devpi.Localhost 3141');
  expect(asked).toEqual(['devpi.host', 'port']);
});
