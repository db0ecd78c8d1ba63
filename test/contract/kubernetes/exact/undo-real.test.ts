import { afterAll, beforeAll, describe } from 'vitest';
import { type ApiServer, startApiServer } from '../../../rig/apiserver.ts';
import { rigTimeout, whyNoApiServer } from '../../../rig/programs.ts';
import { livesSuite } from './lives-suite.ts';
import { realTheatre } from './stage.ts';
import { storySuite } from './story-suite.ts';

const why = whyNoApiServer();

describe.skipIf(why !== null)(why ?? 'undo on a real API server', () => {
  let rig: ApiServer;

  beforeAll(async () => {
    rig = await startApiServer();
  }, rigTimeout);
  afterAll(async () => await rig.stop());

  const theatre = realTheatre(() => rig);
  const richest = 'replaced, dropped, set and replaced';
  // The collector of garbage takes seconds for so many objects.
  livesSuite(theatre, {
    which: 'built-in',
    skips: (beginning, life) => beginning === 'was not there' && life !== richest,
  });
  // It looks for new kinds every 30 s; until then it finishes no deletion of theirs.
  livesSuite(theatre, { which: 'custom', skips: (_, life) => life !== richest });
  // To search further: `CAIRN_CASES=200`.
  storySuite(theatre, Number(process.env.CAIRN_CASES ?? 16));
});
