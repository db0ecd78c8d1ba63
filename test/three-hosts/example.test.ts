import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { launcher } from '../rig/launcher.ts';
import { root } from '../structure/sources.ts';
import { secrets } from './rig.ts';

it('the example of three hosts is a project without problems, as it stands', async () => {
  const cwd = `${root}/examples/three-hosts`;
  const env = { ...process.env, ...secrets };
  const { stdout } = await promisify(execFile)(process.execPath, [launcher, 'lint'], { cwd, env });
  expect(stdout.trim()).toBe('No problems.');
});
