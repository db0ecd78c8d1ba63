import { expect, it } from 'vitest';
import { FakeHarbor } from '../../../src/connect/fake/harbor.ts';
import { openHarbor } from '../../../src/connect/rest/harbor.ts';
import { Secret } from '../../../src/model/secret.ts';
import { harborTarget } from '../../rig/defaults.ts';

it('a Harbor says who it is to whom it knows, and a robot of the system is one of them', async () => {
  const fake = new FakeHarbor();
  const harbor = openHarbor(harborTarget(fake), { http: fake, mayWrite: false });
  expect(await harbor.identity()).toBe('harbor.fake');
  fake.next.push({ status: 412, body: { errors: [{ code: 'PRECONDITION', message: 'for local users alone' }] } });
  expect(await harbor.identity()).toBe('harbor.fake');
});

it('a wrong password is no visitor', async () => {
  const fake = new FakeHarbor();
  const target = harborTarget(fake);
  const wrong = { ...target, login: { ...target.login, password: new Secret('a-wrong-password') } };
  const said = openHarbor(wrong, { http: fake, mayWrite: false }).identity();
  await expect(said).rejects.toMatchObject({ code: 'harbor-unauthorized' });
  await expect(said).rejects.toThrow("images doesn't let us in: 401 UNAUTHORIZED unauthorized");
});

it('lists are read to their last page, and names of digits are names', async () => {
  const fake = new FakeHarbor();
  const harbor = openHarbor(harborTarget(fake), { http: fake, mayWrite: true });
  await harbor.create('projects', { project_name: '2024', metadata: {} });
  for (let number = 0; number < 120; number += 1) fake.push('2024', `app/part-${number}`);
  expect(await harbor.list('projects/2024/repositories')).toHaveLength(120);
});
