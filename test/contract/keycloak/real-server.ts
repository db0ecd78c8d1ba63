import { afterAll, beforeAll, describe } from 'vitest';
import { openKeycloak } from '../../../src/connect/keycloak/open.ts';
import type { KeycloakWriter } from '../../../src/model/keycloak.ts';
import { type Keycloak, keycloakTimeout, type Release, startKeycloak, whyNoKeycloak } from '../../rig/keycloak.ts';
import type { KeycloakWorld } from './by-hand.ts';
import { cleared, type Extent, furnished, keycloakSuite } from './suite.ts';

/** Registers the suite on a real server of a release. */
export function onKeycloak(release: Release, extent: Extent): void {
  const why = whyNoKeycloak(release);
  describe.skipIf(why !== null)(why ?? `Keycloak ${release}`, () => {
    let rig: Keycloak;
    // One login each: a server takes its time over a password.
    let hands: KeycloakWriter;
    let own: KeycloakWriter;
    const realm = 'kit';
    beforeAll(async () => {
      rig = await startKeycloak(release);
      [hands, own] = [openKeycloak(rig.target, true), openKeycloak(rig.target, true)];
      await furnished(hands, realm);
    }, keycloakTimeout);
    afterAll(async () => await rig.stop());

    const open = async (): Promise<KeycloakWorld> => {
      let writes = 0;
      const count = <A extends readonly unknown[], R>(write: (...args: A) => R) => {
        return (...args: A): R => {
          writes += 1;
          return write(...args);
        };
      };
      return {
        realm,
        hands,
        reader: own,
        writer: {
          get: (path) => own.get(path),
          identity: () => own.identity(),
          create: count((path, body) => own.create(path, body)),
          update: count((path, body) => own.update(path, body)),
          remove: count((path, body) => own.remove(path, body)),
        },
        writes: () => writes,
        close: async () => await cleared(hands, realm),
      };
    };
    keycloakSuite(`Keycloak ${release}`, open, extent);
  });
}
