import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { FakeHost } from '../../../src/connect/fake/host.ts';
import type { Planned } from '../../../src/model/deferred.ts';
import { Secret } from '../../../src/model/secret.ts';
import { type CheckoutState, type CheckoutWant, gitCheckout } from '../../../src/resources/host/git/checkout.ts';
import { git } from '../../../src/resources/host/git/commands.ts';
import { contractSuite } from '../suite.ts';
import { typeOf } from './types.ts';
import { type HostWorld, openFake, worlds } from './worlds.ts';

const home = mkdtempSync(join(tmpdir(), 'cairn-git-'));
const url = `${home}/origin`;
const moved = `${home}/moved`;
afterAll(() => rmSync(home, { recursive: true }));

function commit(text: string, ...words: readonly string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const call = (...argv: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...argv], { cwd: url, env, encoding: 'utf8' });
  writeFileSync(join(url, 'page'), text);
  call('add', '.');
  call('commit', '-q', '-m', text);
  if (words.length > 0) call(...words);
  return call('rev-parse', 'HEAD').trim();
}

execFileSync('git', ['init', '-q', '-b', 'main', url]);
const first = commit('one\n', 'tag', '-a', 'v1', '-m', 'v1');
const second = commit('two\n');
execFileSync('cp', ['-a', url, moved]);

const repository = {
  refs: { 'refs/heads/main': second, 'refs/tags/v1': 'a'.repeat(40), 'refs/tags/v1^{}': first },
  commits: { [first]: { page: 'one\n' }, [second]: { page: 'two\n' } },
};

async function opened(open: () => Promise<HostWorld>): Promise<HostWorld> {
  const world = await open();
  if (world.writer instanceof FakeHost)
    for (const place of [url, moved]) world.writer.repositories.set(place, repository);
  return world;
}

const type = typeOf(gitCheckout);
const idIn = ({ folder }: HostWorld) => ({ path: `${folder}/site` });
const byHand = async (world: HostWorld, ...words: [string, ...string[]]): Promise<void> => {
  const operations = [{ do: 'run', ...git(idIn(world), words) }] as const;
  await world.writer.change({ guards: [], operations, readBack: [] });
};

for (const [where, open] of Object.entries(worlds)) {
  contractSuite({
    name: `git checkout on ${where}`,
    type,
    open: async () => await opened(open),
    id: idIn,
    want: { url, revision: 'v1' },
    drifts: {
      url: async (world) => await byHand(world, 'remote', 'set-url', 'origin', moved),
      commit: async (world) => await byHand(world, 'checkout', '-q', '--detach', second),
    },
    older: async (world) => {
      await byHand(world, 'clone', '-q', '--', url, idIn(world).path);
      await byHand(world, 'checkout', '-q', 'main');
    },
    unreadable: { 'when it is no checkout': async (world) => await world.put('site', 'a file') },
  });
}

async function read(world: HostWorld): Promise<CheckoutState | null> {
  const found = await type.read(idIn(world), world.reader);
  if (found.is === 'unreadable') throw new Error(found.why.summary);
  return found.is === 'present' ? (found.live as CheckoutState) : null;
}

async function write(world: HostWorld, want: CheckoutWant, takeOver: readonly string[] = []): Promise<unknown> {
  const live = await read(world);
  const done = await type.write({ id: idIn(world), want, live, options: { takeOver } }, world.writer);
  return done.is === 'written' ? done.live : done;
}

async function foreign(world: HostWorld, want: CheckoutWant, takeOver: readonly string[] = []): Promise<unknown> {
  const live = await read(world);
  const planned = want as Planned<CheckoutWant>;
  const merged = await type.merge?.(idIn(world), planned, live, world.reader, { takeOver });
  return type.diff(live, planned, merged?.live).foreign;
}

describe.each(Object.entries(worlds))('a checkout on %s', (_, open) => {
  it('leaves nothing behind when undo takes it away, and is not taken away with changes in it', async () => {
    const world = await opened(open);
    const before = world.tree();
    const live = await write(world, { url, revision: 'main' });
    expect(live).toEqual({ url, commit: second, branch: '', changes: [] });
    await world.put('site/new', 'theirs\n');
    const changed = await read(world);
    expect(await type.loss(idIn(world), changed, world.reader)).toMatchObject({ is: 'data' });
    const undo = type.restore({ id: idIn(world), before: null, live: changed }, world.writer);
    await expect(undo).rejects.toMatchObject({ code: 'foreign' });
    await world.remove('site/new');
    await type.restore({ id: idIn(world), before: null, live }, world.writer);
    expect(world.tree()).toEqual(before);
    await world.close();
  });

  it('leaves local changes alone, puts them aside when told to, and undo brings them back', async () => {
    const world = await opened(open);
    await byHand(world, 'clone', '-q', '--', url, idIn(world).path);
    await byHand(world, 'checkout', '-q', 'main');
    await world.put('site/page', 'theirs\n');
    await world.put('site/new', 'theirs too\n');
    const before = await read(world);
    expect(before).toMatchObject({ branch: 'main', changes: [' M page', '?? new'] });
    const want = { url, revision: 'v1' };
    expect(await foreign(world, want)).toEqual([{ path: 'changes', owner: 'somebody who changed  M page, ?? new' }]);
    await expect(write(world, want)).rejects.toThrow(/has local changes: {2}M page, \?\? new/);
    expect(await foreign(world, want, ['changes'])).toEqual([]);
    const live = await write(world, want, ['changes']);
    expect(live).toEqual({ url, commit: first, branch: '', changes: [] });
    await type.restore({ id: idIn(world), before, live }, world.writer);
    expect(await read(world)).toEqual(before);
    const page = await world.reader.ask({ ask: 'content', path: `${idIn(world).path}/page` });
    expect(Buffer.from(page ?? []).toString()).toBe('theirs\n');
    await world.close();
  });

  it('names a revision or a server that is not there', async () => {
    const world = await opened(open);
    await expect(write(world, { url, revision: 'v9' })).rejects.toThrow(/has no branch and no tag v9/);
    await expect(write(world, { url: `${home}/none`, revision: 'v1' })).rejects.toMatchObject({ code: 'no-revision' });
    expect(await read(world)).toBeNull();
    await world.close();
  });
});

describe('the login of a checkout', () => {
  it('is refused in a URL, and as a secret goes to the server and nowhere else', async () => {
    const canary = 'canary-of-the-checkout-91aa';
    const seen: unknown[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(403).end();
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const origin = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const open = worlds['this machine'] ?? openFake;
    const world = await opened(open);
    await expect(write(world, { url: `https://a:b@${origin}/x`, revision: 'v1' })).rejects.toThrow(/holds a login/);
    const want = { url: `http://${origin}/x`, revision: 'v1', authorization: new Secret(`Bearer ${canary}`) };
    const error: unknown = await write(world, want).catch((one: unknown) => one);
    expect(error).toMatchObject({ code: 'no-revision' });
    expect(inspect(error, { depth: 9 })).not.toContain(canary);
    if (open !== openFake) expect(seen).toContain(`Bearer ${canary}`);
    await world.close();
    server.close();
  });
});
