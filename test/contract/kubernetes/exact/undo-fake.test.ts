import { livesSuite } from './lives-suite.ts';
import { fakeTheatre } from './stage.ts';
import { storySuite } from './story-suite.ts';

livesSuite(fakeTheatre, { which: 'built-in' });
livesSuite(fakeTheatre, { which: 'custom' });
/** 100 take seconds; to search further: `CAIRN_CASES=10000`. */
storySuite(fakeTheatre, Number(process.env.CAIRN_CASES ?? 100));
