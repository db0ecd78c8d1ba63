import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as T from 'typebox';
import { afterAll, beforeAll, expect, expectTypeOf, test } from 'vitest';
import { type Deferred, derive, isDeferred, resolve, text } from '../../src/model/deferred.ts';
import { CairnError } from '../../src/model/diagnostic.ts';
import { isSecretSchema, roleOf, secret } from '../../src/model/role.ts';
import { reveal, Secret } from '../../src/model/secret.ts';
import { role } from '../../src/render/role.ts';

const root = mkdtempSync(join(tmpdir(), 'cairn-role-'));
const folder = join(root, 'redis/ephemeral_redis');
const meta = { url: pathToFileURL(join(folder, 'index.ts')).href };

beforeAll(() => {
  mkdirSync(join(folder, 'templates'), { recursive: true });
  mkdirSync(join(folder, 'files'));
  writeFileSync(
    join(folder, 'templates/redis.conf'),
    'port {{port}}\n{{#if password}}requirepass {{password}}\n{{/if}}',
  );
  writeFileSync(join(folder, 'templates/broken.conf'), 'port\n  {{prot}}\n');
  writeFileSync(join(folder, 'files/note.txt'), 'a note');
});

afterAll(() => rmSync(root, { recursive: true }));

test('a role is called by its folder, in camelCase, and its schema knows it', () => {
  const redis = role(meta, { port: T.Integer() });
  expect(redis.name).toBe('ephemeralRedis');
  expect(roleOf(redis.vars)).toEqual({ name: 'ephemeralRedis', folder });
  expect(roleOf(T.Optional(redis.vars))).toEqual({ name: 'ephemeralRedis', folder });
  expect(roleOf(T.Object({ port: T.Integer() }))).toBeUndefined();
});

test('a secret schema is known from any other', () => {
  expect(isSecretSchema(secret())).toBe(true);
  expect(isSecretSchema(T.Optional(secret()))).toBe(true);
  expect(isSecretSchema(T.String())).toBe(false);
});

test('a template with plain data is text at once', () => {
  const filled = role(meta, {}).template('redis.conf', { port: 1, password: '' });
  expectTypeOf(filled).toEqualTypeOf<string>();
  expect(filled).toBe('port 1\n');
});

test('a template with a secret is known later, and secret', () => {
  const filled = role(meta, {}).template('redis.conf', { port: 1, password: new Secret('hunter2hunter2') });
  expectTypeOf(filled).toEqualTypeOf<Deferred<Secret>>();
  expect(isDeferred(filled)).toBe(true);
  const known = resolve(filled, () => undefined, String);
  expect(known instanceof Secret && reveal(known)).toBe('port 1\nrequirepass hunter2hunter2\n');
});

test('a template with a value known later is known later', () => {
  const port = text`${derive([41], (n) => n + 1)}`;
  const filled = role(meta, {}).template('redis.conf', { port, password: '' });
  expect(resolve(filled, () => undefined, String)).toBe('port 42\n');
});

test('an unknown variable is found in the template file', () => {
  expect(problemOf(() => role(meta, {}).template('broken.conf', { port: 1 }))).toMatchObject({
    code: 'undefined-variable',
    summary: 'prot is not defined',
    help: 'did you mean "port"?',
    source: { file: join(folder, 'templates/broken.conf'), line: 2, column: 5 },
  });
});

test('files have a path and a text; a missing one is named', () => {
  const redis = role(meta, {});
  expect(redis.file('note.txt')).toBe(join(folder, 'files/note.txt'));
  expect(redis.read('note.txt')).toBe('a note');
  expect(problemOf(() => redis.read('nope.txt'))).toMatchObject({ code: 'file-missing' });
});

function problemOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (error instanceof CairnError) return error.diagnostics[0];
    throw error;
  }
  return undefined;
}
