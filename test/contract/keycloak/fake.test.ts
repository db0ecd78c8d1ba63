import { describe } from 'vitest';
import { FakeKeycloak } from '../../../src/connect/fake/keycloak.ts';
import { furnished, keycloakSuite } from './suite.ts';

describe('the fake Keycloak', () => {
  keycloakSuite('the fake Keycloak', async () => {
    const hands = new FakeKeycloak();
    await furnished(hands, 'kit');
    return { realm: 'kit', hands, reader: hands, writer: hands, writes: () => hands.writes, close: async () => {} };
  });
});
