import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { http } from '../../src/connect/http/http.ts';
import { KeycloakAdmin } from '../../src/connect/keycloak/admin.ts';
import type { Http } from '../../src/model/http.ts';
import { isFields } from '../../src/resources/thing/fields.ts';
import { keycloakTimeout, startKeycloak, whyNoKeycloak } from '../rig/keycloak.ts';

const release = '26.4.0';
const why = whyNoKeycloak(release);
const second = 1000;

describe.skipIf(why !== null)(why ?? `a run of five minutes on Keycloak ${release}`, () => {
  it(
    'goes through, though tokens of administrators live a minute',
    async () => {
      const rig = await startKeycloak(release);
      onTestFinished(() => rig.stop());
      let granted = 0;
      let refused = 0;
      const counted: Http = {
        async send(url, request) {
          const answer = await http.send(url, request);
          if (url.endsWith('/token')) granted += 1;
          if (answer.status === 401) refused += 1;
          return answer;
        },
      };
      const admin = new KeycloakAdmin(rig.target, { http: counted, way: {}, mayWrite: true, now: Date.now });
      const master = await admin.get('master');
      expect(isFields(master) && master.accessTokenLifespan).toBe(60);
      const end = Date.now() + 305 * second;
      for (let n = 0; Date.now() < end; n += 1) {
        expect(await admin.create('master/roles', { name: `role-${n}` })).toMatchObject({ is: 'written' });
        expect(await admin.get(`master/roles/role-${n}`)).toMatchObject({ name: `role-${n}` });
        await sleep(5 * second);
      }
      expect(refused).toBe(0);
      // One for each 50 to 60 seconds.
      expect([6, 7]).toContain(granted);
    },
    keycloakTimeout,
  );
});
