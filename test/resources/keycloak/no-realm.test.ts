import { expect, it } from 'vitest';
import { FakeKeycloak } from '../../../src/connect/fake/keycloak.ts';
import { client } from '../../../src/resources/keycloak/client.ts';

it('a client of a realm that is not there is a failure with its cause, and no change that somebody else made', async () => {
  const id = { realm: 'nowhere', clientId: 'shop' };
  const write = client.type.write({ id, want: { ...id, enabled: true }, live: null, options: {} }, new FakeKeycloak());
  await expect(write).rejects.toThrow("Client nowhere/shop can't be made: what it belongs to is not there");
});
