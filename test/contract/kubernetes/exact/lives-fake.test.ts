import { livesSuite } from './lives-suite.ts';
import { fakeTheatre } from './stage.ts';

livesSuite(fakeTheatre, { which: 'built-in' });
livesSuite(fakeTheatre, { which: 'custom' });
