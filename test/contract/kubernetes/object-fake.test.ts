import { adoptSuite } from './adopt-suite.ts';
import { clashSuite } from './clash-suite.ts';
import { jobSuite } from './job-suite.ts';
import { kindsSuite } from './kinds-suite.ts';
import { objectSuite } from './object-suite.ts';
import { ownersSuite } from './owners-suite.ts';
import { restartSuite } from './restart-suite.ts';
import { fakeServer } from './world.ts';

objectSuite(fakeServer);
ownersSuite(fakeServer);
adoptSuite(fakeServer);
clashSuite(fakeServer);
jobSuite(fakeServer);
kindsSuite(fakeServer);
restartSuite(fakeServer);
