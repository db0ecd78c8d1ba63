import { afterAll, beforeAll, describe } from 'vitest';
import { openKeycloak } from '../../../src/connect/keycloak/open.ts';
import { type Keycloak, keycloakTimeout, type Release, startKeycloak, whyNoKeycloak } from '../../rig/keycloak.ts';
import type { KeycloakWorld } from './by-hand.ts';
import { cleared, type Extent, furnished, keycloakSuite } from './suite.ts';

/** Registers the suite on a real server of a release. */
export function onKeycloak(release: Release, extent: Extent): void {
  const why = whyNoKeycloak(release);
  describe.skipIf(why !== null)(why ?? `Keycloak ${release}`, () => {
    let rig: Keycloak;
    const realm = 'kit';
    beforeAll(async () => {
      rig = await startKeycloak(release);
      await furnished(openKeycloak(rig.target, true), realm);
    }, keycloakTimeout);
    afterAll(async () => await rig.stop());

    const open = async (): Promise<KeycloakWorld> => {
      let writes = 0;
      const hands = openKeycloak(rig.target, true);
      const counted = openKeycloak(rig.target, true);
      const count = <A extends readonly unknown[], R>(write: (...args: A) => R) => {
        return (...args: A): R => {
          writes += 1;
          return write(...args);
        };
      };
      return {
        realm,
        hands,
        reader: counted,
        writer: {
          get: (path) => counted.get(path),
          identity: () => counted.identity(),
          create: count((path, body) => counted.create(path, body)),
          update: count((path, body) => counted.update(path, body)),
          remove: count((path, body) => counted.remove(path, body)),
        },
        writes: () => writes,
        close: async () => await cleared(hands, realm),
      };
    };
    keycloakSuite(`Keycloak ${release}`, open, extent);
  });
}
