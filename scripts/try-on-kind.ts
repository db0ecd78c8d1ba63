#!/usr/bin/env node
// What a pull request must pass: every command that a user has, over a throw-away cluster that is gone afterwards.
//   node scripts/try-on-kind.ts [--set 'kind.kubernetes="1.37"']
import { $, cd } from 'zx';

const everything = 'playbooks/start.yaml';
const index = 'playbooks/devpi.yaml';
/** What is lost by undo: packages, images, commits, artifacts and logins of a test. */
const claims = ['devpi/devpi-data-pvc', 'registry/registry', 'git/git', 'minio/minio', 'keycloak/keycloak-data'];
const consent = claims.flatMap((claim) => ['--allow-data-loss', `PersistentVolumeClaim/${claim}`]);

cd(`${import.meta.dirname}/..`);
$.stdio = 'inherit';

const values = process.argv.slice(2);

async function cairn(...words: readonly string[]): Promise<void> {
  console.log(`\n$ cairn ${[...words, ...values].join(' ')}`);
  await $`${process.execPath} bin/cairn.mjs ${[...words, ...values]}`;
}

await cairn('lint', everything);
await cairn('plan', everything);
try {
  await cairn('up', everything, '--yes');
  await cairn('plan', index, '--exit-code');
  await cairn('verify', everything);
  // Types of hosts, in a pod of this cluster.
  const suites = ['test/contract/host', 'test/connect/kubernetes/pod-host.test.ts'];
  await $({ env: { ...process.env, CAIRN_TEST_CLUSTER: '1' } })`npx vitest run --project fast ${suites} -t pod`;
} finally {
  await cairn('undo', everything, '--yes', ...consent);
}
