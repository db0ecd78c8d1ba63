import { join } from 'node:path';

/** What starts the program: joined by `compile-cache.ts`, else this checkout's. */
export const launcher = process.env.CAIRN_TEST_LAUNCHER ?? join(import.meta.dirname, '../../bin/cairn.mjs');
