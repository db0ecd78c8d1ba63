import { expect, it } from 'vitest';
import { restore, step } from '../../src/model/step.ts';
import { yamlValue } from '../../src/resources/host/content/value/value.ts';
import { aptPackage } from '../../src/resources/host/package.ts';
import { World } from '../rig/world.ts';

const path = '/etc/elsewhere/settings.yaml';

it('a setting of a package that the same run installs is undecided until it is there, and then made', async () => {
  const world = new World({
    'demo/10_package': step({
      summary: 'A package',
      on: 'hosts',
      undo: restore,
      resources: () => ({ package: aptPackage({ name: 'greeter' }) }),
    }),
    'demo/20_setting': step({
      summary: 'A setting of it',
      on: 'hosts',
      undo: restore,
      resources: () => ({ level: yamlValue({ path, at: ['level'], value: 'warning' }) }),
    }),
  });
  world.host.packages.available.set('greeter', { version: '1.0' });
  world.host.beforeChange = ({ operations }) => {
    if (!operations.some((operation) => operation.do === 'install-packages')) return;
    world.host.files.makeDirectories('/etc/elsewhere');
    const content = Buffer.from('# theirs\nlevel: debug\n');
    world.host.files.set(path, { kind: 'file', content, mode: '0644', owner: 'root', group: 'root' });
  };
  const [, setting] = (await world.plan()).steps.flatMap(({ changes }) => changes);
  expect(setting).toMatchObject({ certainty: 'undecided', why: 'after package greeter' });
  expect(await world.up()).toMatchObject({ code: 0 });
  expect(Buffer.from(world.host.files.content(path) ?? []).toString()).toBe('# theirs\nlevel: warning\n');
  expect(await world.pending()).toEqual([]);
});
