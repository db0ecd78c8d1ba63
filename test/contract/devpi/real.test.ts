import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { http } from '../../../src/connect/http/http.ts';
import { Secret } from '../../../src/model/secret.ts';
import { DevpiClient } from '../../../src/resources/devpi/server.ts';
import { type Devpi, devpiTimeout, startDevpi, whyNoDevpi } from '../../rig/devpi-server.ts';
import { devpiSuite } from './suite.ts';

const why = whyNoDevpi();

describe.skipIf(why !== null)(why ?? 'a real devpi-server', () => {
  let rig: Devpi;
  beforeAll(async () => {
    rig = await startDevpi();
  }, devpiTimeout);
  afterAll(async () => await rig.stop());

  devpiSuite('a real devpi-server', async () => ({
    server: { url: rig.url, password: new Secret(rig.password) },
    http,
  }));

  it('refuses who has another password than root', async () => {
    const stranger = new DevpiClient(http, rig.url, { way: {}, password: new Secret('stranger-canary') });
    const refused = stranger.send('PUT', '/root/theirs', { type: 'stage' });
    await expect(refused).rejects.toMatchObject({ code: 'devpi-refused' });
    await expect(refused).rejects.not.toThrow('stranger-canary');
  });
});
