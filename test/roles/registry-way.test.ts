import { expect, it } from 'vitest';
import { type Vars, wayTo } from '../../roles/registry/api.ts';
import { instancesOf } from '../cases/runner/instances.ts';

const step = 'devpi/60_build_workflow';

it.each([
  ['local', { url: 'https://registry.cairn.localhost', connectTo: '127.0.0.1' }],
  ['example', { url: 'https://harbor.example.com' }],
] as const)(
  'the registry of inventory/%s is reached where it is: only names beneath its domain lead to the gateway',
  async (inventory, way) => {
    const [instance] = await instancesOf([step], {}, inventory);
    expect(wayTo(instance?.vars as unknown as Vars)).toEqual(way);
  },
);
