import { FakeGithub } from '../../../src/connect/fake/github.ts';
import { openGithub } from '../../../src/connect/rest/github.ts';
import type { Http } from '../../../src/model/http.ts';
import type { ResourceType } from '../../../src/model/resource.ts';
import type { RestWriter } from '../../../src/model/rest.ts';
import { Secret } from '../../../src/model/secret.ts';
import { deployKey } from '../../../src/resources/github/deploy-key.ts';
import { webhook } from '../../../src/resources/github/webhook.ts';
import { type Fields, isFields } from '../../../src/resources/thing/fields.ts';
import type { Image } from '../../../src/resources/thing/thing.ts';
import { githubTarget } from '../../rig/defaults.ts';
import { contractSuite, type TestWorld } from '../suite.ts';

interface GithubWorld extends TestWorld<'github'> {
  readonly fake: FakeGithub;
  /** Somebody else. */
  readonly hands: RestWriter;
}

/** Where a fake answers: in memory, or on a port of this machine. */
export type Door = (fake: FakeGithub) => Promise<{ readonly url: string; readonly http?: Http; stop(): Promise<void> }>;

type AnyOf = ResourceType<'github', object, object, Image, unknown>;

const repository = 'acme/shop';
const url = 'https://ci.example/push?branch=main';
const canary = 'github-canary-battery';
const keys = {
  ours: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHv3N8K0bJ0b7Yk6s1b2kX0m1Qe3rT9uWzVx5yZ7aBcD',
  theirs: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMh2p3r4s5t6u7v8w9x0y1z2A3B4C5D6E7F8G9H0I1J2',
};

/** Registers what the types of GitHub pass. */
export function githubSuite(name: string, open: Door): void {
  const world = async (): Promise<GithubWorld> => {
    const fake = new FakeGithub([repository, 'acme/other']);
    const { stop, url: at, http } = await open(fake);
    const port = openGithub(githubTarget(fake, at), { mayWrite: true, ...(http ? { http } : {}) });
    return { fake, hands: port, reader: port, writer: port, writes: () => fake.writes, close: stop };
  };

  contractSuite<'github', GithubWorld, object, object, Image, unknown>({
    name: `DeployKey on ${name}`,
    type: deployKey.type as unknown as AnyOf,
    open: world,
    id: () => ({ repository, title: 'builds' }),
    want: { key: `${keys.ours} cairn@builds`, read_only: false },
    drifts: {
      key: (world) => instead(world, { key: keys.theirs, read_only: false }),
      read_only: (world) => instead(world, { key: keys.ours, read_only: true }),
    },
    older: async ({ hands }) =>
      void (await hands.create(`repos/${repository}/keys`, { title: 'builds', key: keys.theirs, read_only: true })),
    snapshot: async ({ hands }) => (await hands.list(`repos/${repository}/keys`)).map(withoutId),
    unreadable: {
      'where the token may not see the repository': async ({ fake }) =>
        void fake.next.push({ status: 404, body: { message: 'Not Found' } }),
      'where the token is refused': async ({ fake }) =>
        void fake.next.push({ status: 401, body: { message: 'Bad credentials' } }),
    },
  });

  contractSuite<'github', GithubWorld, object, object, Image, unknown>({
    name: `Webhook on ${name}`,
    type: webhook.type as unknown as AnyOf,
    open: world,
    id: () => ({ repository, url }),
    want: {
      events: ['push', 'pull_request'],
      active: true,
      content_type: 'json',
      secret: new Secret('a-right-secret'),
    },
    drifts: {
      events: (world) => change(world, '', { events: ['push'] }),
      active: (world) => change(world, '', { active: false }),
      content_type: (world) => change(world, '/config', { content_type: 'form' }),
      insecure_ssl: (world) => change(world, '/config', { insecure_ssl: '1' }),
    },
    older: async ({ hands }) => {
      await removeAll(hands, 'hooks');
      await hands.create(`repos/${repository}/hooks`, { events: ['push'], config: { url, content_type: 'form' } });
    },
    snapshot: async ({ hands }) => (await hands.list(`repos/${repository}/hooks`)).map(withoutId),
    secret: { want: { secret: canary }, canary },
  });
}

async function removeAll(hands: RestWriter, list: 'keys' | 'hooks'): Promise<void> {
  const at = `repos/${repository}/${list}`;
  for (const one of (await hands.list(at)).filter(isFields)) await hands.remove(`${at}/${one.id}`);
}

async function instead({ hands }: GithubWorld, body: Fields): Promise<void> {
  await removeAll(hands, 'keys');
  await hands.create(`repos/${repository}/keys`, { title: 'builds', ...body });
}

async function change({ hands }: GithubWorld, part: '' | '/config', body: Fields): Promise<void> {
  const at = `repos/${repository}/hooks`;
  const [hook] = (await hands.list(at)).filter(isFields);
  await hands.patch(`${at}/${hook?.id}${part}`, body);
}

function withoutId(found: unknown): unknown {
  const { id: _, ...rest } = isFields(found) ? found : {};
  return rest;
}
