import { FakeHarbor } from '../../../src/connect/fake/harbor.ts';
import { openHarbor } from '../../../src/connect/rest/harbor.ts';
import type { Http } from '../../../src/model/http.ts';
import type { ResourceType } from '../../../src/model/resource.ts';
import type { HarborWriter } from '../../../src/model/rest.ts';
import { Secret } from '../../../src/model/secret.ts';
import { project } from '../../../src/resources/harbor/project.ts';
import { robotAccount } from '../../../src/resources/harbor/robot-account.ts';
import { type Fields, isFields } from '../../../src/resources/thing/fields.ts';
import type { Image } from '../../../src/resources/thing/thing.ts';
import { harborTarget } from '../../rig/defaults.ts';
import { contractSuite, type TestWorld } from '../suite.ts';

interface HarborWorld extends TestWorld<'harbor'> {
  readonly fake: FakeHarbor;
  /** Another administrator. */
  readonly hands: HarborWriter;
}

/** Where a fake answers: in memory, or on a port of this machine. */
export type Door = (fake: FakeHarbor) => Promise<{ readonly url: string; readonly http?: Http; stop(): Promise<void> }>;

type AnyOf = ResourceType<'harbor', object, object, Image, unknown>;

const canary = 'Harbor-canary-battery-1';

/** Registers what the types of Harbor pass. */
export function harborSuite(name: string, open: Door): void {
  const world = async (): Promise<HarborWorld> => {
    const fake = new FakeHarbor();
    const { stop, url, http } = await open(fake);
    const port = openHarbor(harborTarget(fake, url), { mayWrite: true, ...(http ? { http } : {}) });
    await port.create('projects', { project_name: 'shop', metadata: { public: 'false' } });
    return { fake, hands: port, reader: port, writer: port, writes: () => fake.writes, close: stop };
  };

  contractSuite<'harbor', HarborWorld, object, object, Image, unknown>({
    name: `Project on ${name}`,
    type: project.type as unknown as AnyOf,
    open: world,
    id: () => ({ name: 'python' }),
    want: { public: true, auto_scan: true, storage_limit: 1024 },
    drifts: {
      public: ({ hands }) => put(hands, 'projects/python', { metadata: { public: 'false' } }),
      auto_scan: ({ hands }) => put(hands, 'projects/python', { metadata: { auto_scan: 'false' } }),
      storage_limit: async ({ hands }) => {
        const found = await hands.get('projects/python');
        await put(hands, `quotas/${isFields(found) && found.project_id}`, { hard: { storage: 4096 } });
      },
    },
    older: ({ hands }) =>
      make(hands, 'projects', { project_name: 'python', metadata: { public: 'false' }, storage_limit: 7 }),
    // A setting that is off and one that nobody made are the same.
    snapshot: ({ fake }) =>
      Promise.resolve(JSON.stringify([...fake.snapshot()]).replaceAll(/,?"auto_scan":"false"/g, '')),
    unreadable: {
      'where the login is refused': ({ fake }) => nextly(fake, 401, 'UNAUTHORIZED'),
      'where we may not see it': ({ fake }) => nextly(fake, 403, 'FORBIDDEN'),
    },
  });

  contractSuite<'harbor', HarborWorld, object, object, Image, unknown>({
    name: `RobotAccount on ${name}`,
    type: robotAccount.type as unknown as AnyOf,
    open: world,
    id: () => ({ project: 'shop', name: 'ci' }),
    want: {
      permissions: ['repository:push', 'repository:pull'],
      secret: new Secret('A-right-secret-1'),
      duration: 30,
      description: 'Pushes what is built',
    },
    drifts: {
      permissions: (world) => change(world, { permissions: [scope('pull')] }),
      duration: (world) => change(world, { duration: 90 }),
      description: (world) => change(world, { description: 'theirs' }),
      disable: (world) => change(world, { disable: true }),
    },
    older: ({ hands }) =>
      make(hands, 'robots', { name: 'ci', level: 'project', duration: 7, permissions: [scope('pull')] }),
    // What somebody leaves empty and what nobody said is the same.
    snapshot: ({ fake }) =>
      Promise.resolve(
        [...fake.snapshot()].map(([name, one]) => [
          name,
          isFields(one) ? { ...one, id: 0, description: one.description ?? '' } : one,
        ]),
      ),
    secret: { want: { permissions: ['repository:pull'], secret: canary }, canary },
  });
}

function scope(action: string): Fields {
  return { kind: 'project', namespace: 'shop', access: [{ resource: 'repository', action }] };
}

async function make(hands: HarborWriter, path: string, body: Fields): Promise<void> {
  await hands.create(path, body);
}

async function put(hands: HarborWriter, path: string, body: Fields): Promise<void> {
  const done = await hands.put(path, body);
  if (done.is !== 'written') throw new Error(`${path} can't be changed`);
}

async function change({ hands }: HarborWorld, body: Fields): Promise<void> {
  const owner = await hands.get('projects/shop');
  const id = isFields(owner) ? owner.project_id : 0;
  const [robot] = (await hands.list(`robots?q=Level%3Dproject%2CProjectID%3D${id}`)).filter(isFields);
  await put(hands, `robots/${robot?.id}`, { ...robot, ...body });
}

function nextly(fake: FakeHarbor, status: number, code: string): Promise<void> {
  fake.next.push({ status, body: { errors: [{ code, message: 'no' }] } });
  return Promise.resolve();
}
