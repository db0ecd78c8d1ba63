import { defineConfig } from 'vitest/config';

// The long matrices: they need the installed system (npm start), break it, and write their tables to docs/proof/.
export default defineConfig({
  resolve: { conditions: ['cairn-source'] },
  ssr: { resolve: { conditions: ['cairn-source'] } },
  test: {
    include: ['test/proof/**/*.test.ts'],
    globalSetup: 'test/rig/compile-cache.ts',
    reporters: ['default', './test/rig/closing-lines.ts'],
    testTimeout: 60 * 60_000,
    hookTimeout: 60 * 60_000,
    fileParallelism: false,
  },
});
