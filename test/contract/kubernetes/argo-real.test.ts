import { afterAll, beforeAll, describe } from 'vitest';
import { type ApiServer, startApiServer } from '../../rig/apiserver.ts';
import { attendApplications, serveArgo } from '../../rig/argo.ts';
import { rigTimeout, whyNoApiServer } from '../../rig/programs.ts';
import { argoSuite } from './argo-suite.ts';
import { realServer } from './real-server.ts';

const why = whyNoApiServer();

describe.skipIf(why !== null)(why ?? "Argo's kinds on a real API server", () => {
  let rig: ApiServer;
  let attendant: ReturnType<typeof attendApplications>;

  beforeAll(async () => {
    rig = await startApiServer();
    await serveArgo(rig);
    attendant = attendApplications(rig);
  }, rigTimeout);
  afterAll(async () => {
    await attendant.stop();
    await rig.stop();
  });

  argoSuite(realServer(() => rig));
});
