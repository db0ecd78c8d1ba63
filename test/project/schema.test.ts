import * as T from 'typebox';
import { expect, test } from 'vitest';
import { validate } from '../../src/project/vars/schema.ts';

const deep = T.Object({
  image: T.Object({
    name: T.String({ default: 'shop' }),
    pull: T.Object({ policy: T.String({ default: 'Always' }), tries: T.Optional(T.Integer()) }),
  }),
  owner: T.Optional(T.Object({ team: T.String({ default: 'web' }) })),
  limits: T.Object({ cpu: T.String(), memory: T.String({ default: '1Gi' }) }),
});

function filled(value: Record<string, unknown>): { value: unknown; missing: readonly unknown[] } {
  const missing = validate(deep, value).map(({ instancePath, params }) => [instancePath, params.missingProperty]);
  return { value, missing };
}

test('defaults are filled in at every depth, also where the map around them is left out', () => {
  expect(filled({ limits: { cpu: '1' } })).toEqual({
    value: {
      image: { name: 'shop', pull: { policy: 'Always' } },
      limits: { cpu: '1', memory: '1Gi' },
    },
    missing: [],
  });
  expect(filled({ image: { pull: { tries: 2 } }, owner: {}, limits: { cpu: '1' } }).value).toEqual({
    image: { name: 'shop', pull: { policy: 'Always', tries: 2 } },
    owner: { team: 'web' },
    limits: { cpu: '1', memory: '1Gi' },
  });
});

test('what has no default is still missing, and what is optional stays away', () => {
  expect(filled({}).missing).toEqual([['', 'limits']]);
  expect(filled({ limits: {} }).missing).toEqual([['/limits', 'cpu']]);
  expect(filled({ limits: { cpu: '1' } }).value).not.toHaveProperty('owner');
});
