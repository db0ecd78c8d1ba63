import { defineConfig } from 'vitest/config';
import ServersFirst from './test/rig/servers-first.ts';

const source = {
  resolve: { conditions: ['cairn-source'] },
  ssr: { resolve: { conditions: ['cairn-source'] } },
};

// What changes the machine itself runs alone, after everything else.
export default defineConfig({
  test: {
    // Most of them wait for servers, hosts and clocks: with four, a quarter of what two cores can do was idle.
    maxWorkers: 6,
    sequence: { sequencer: ServersFirst },
    globalSetup: 'test/rig/compile-cache.ts',
    reporters: ['default', './test/rig/closing-lines.ts'],
    projects: [
      {
        ...source,
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/proof/**'],
          setupFiles: ['test/rig/one-seed.ts'],
          // Only what hangs is stopped: how long a test takes beside others says nothing of what it tests.
          testTimeout: 120_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 100_000 } },
          sequence: { groupOrder: 0 },
        },
      },
      {
        ...source,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 40 * 60_000,
          hookTimeout: 40 * 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
