import { afterAll, beforeAll, describe } from 'vitest';
import { type ApiServer, startApiServer } from '../../rig/apiserver.ts';
import { rigTimeout, whyNoApiServer } from '../../rig/programs.ts';
import { adoptSuite } from './adopt-suite.ts';
import { clashSuite } from './clash-suite.ts';
import { jobSuite } from './job-suite.ts';
import { kindsSuite } from './kinds-suite.ts';
import { objectSuite } from './object-suite.ts';
import { ownersSuite } from './owners-suite.ts';
import { realServer } from './real-server.ts';
import { restartSuite } from './restart-suite.ts';

const why = whyNoApiServer();

describe.skipIf(why !== null)(why ?? 'objects on a real API server', () => {
  let rig: ApiServer;

  beforeAll(async () => {
    rig = await startApiServer();
  }, rigTimeout);
  afterAll(async () => await rig.stop());

  const server = realServer(() => rig);
  objectSuite(server);
  ownersSuite(server);
  adoptSuite(server);
  clashSuite(server);
  jobSuite(server);
  kindsSuite(server);
  restartSuite(server);
});
