import { afterAll, beforeAll, describe, it } from 'vitest';
import { type ApiServer, startApiServer } from '../rig/apiserver.ts';
import { buildPrograms, rigTimeout, whyNo, whyNoApiServer } from '../rig/programs.ts';
import { type Source, titleOf } from './threads.ts';

const why = whyNoApiServer() ?? whyNo('helm');

/** A real API server for complaints about one theme. */
export interface PeerRig {
  readonly server: () => ApiServer;
  /** A test that is called as its thread. */
  complaint(source: Source, check: () => Promise<void>): void;
}

export function onApiServer(theme: string, define: (rig: PeerRig) => void): void {
  describe.skipIf(why !== null)(why ?? theme, () => {
    let rig: ApiServer;
    beforeAll(async () => {
      await buildPrograms('helm');
      rig = await startApiServer();
    }, rigTimeout);
    afterAll(async () => await rig.stop());
    define({ server: () => rig, complaint: (source, check) => it(titleOf(source), check) });
  });
}
