import { objectSuite } from './object-suite.ts';
import { fakeServer } from './world.ts';

objectSuite(fakeServer);
