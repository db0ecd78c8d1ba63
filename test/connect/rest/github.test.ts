import { describe, expect, it } from 'vitest';
import { FakeGithub } from '../../../src/connect/fake/github.ts';
import { openGithub } from '../../../src/connect/rest/github.ts';
import type { RestWriter } from '../../../src/model/rest.ts';
import { reveal, Secret } from '../../../src/model/secret.ts';
import { githubTarget } from '../../rig/defaults.ts';
import { serve } from '../../rig/serve.ts';

const keys = 'repos/acme/shop/keys';

interface Opened {
  readonly fake: FakeGithub;
  readonly hub: RestWriter;
  /** Milliseconds that it slept, one by one. */
  readonly naps: number[];
}

function open(mayWrite = true): Opened {
  const fake = new FakeGithub(['acme/shop']);
  const naps: number[] = [];
  const sleep = (ms: number): Promise<void> => Promise.resolve(void naps.push(ms));
  const hub = openGithub(githubTarget(fake), { http: fake, mayWrite, now: () => 1_000_000, sleep });
  return { fake, hub, naps };
}

function keyOf(number: number): string {
  return `ssh-ed25519 ${Buffer.from(`a key of nobody, number ${number}, as long as others`).toString('base64')}`;
}

describe('GitHub by its API', () => {
  it('reads a list to its last page', async () => {
    const { fake, hub } = open();
    for (let number = 1; number <= 230; number += 1)
      await hub.create(keys, { title: `key ${number}`, key: keyOf(number) });
    fake.requests.length = 0;
    expect(await hub.list(keys)).toHaveLength(230);
    expect(fake.requests).toHaveLength(3);
  });

  it('goes to no next page that leads elsewhere: the token would go along', async () => {
    const { fake, hub } = open();
    fake.next.push({ status: 200, body: [], headers: { link: '<https://elsewhere.example/keys?page=2>; rel="next"' } });
    await expect(hub.list(keys)).rejects.toThrow('a next page elsewhere, at https://elsewhere.example');
    expect(fake.requests).toHaveLength(1);
  });

  it('asks whether a list has changed, and takes its word', async () => {
    const { fake, hub } = open();
    await hub.create(keys, { title: 'one', key: keyOf(1) });
    const first = await hub.list(keys);
    fake.next.push({ status: 304 });
    expect(await hub.list(keys)).toEqual(first);
  });

  it.each([
    ['retry-after', { status: 429, headers: { 'retry-after': '7' } }, 7000],
    [
      'a limit that is used up',
      { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1010' } },
      11_000,
    ],
    ['no word of when', { status: 429 }, 60_000],
  ])('waits as it is told, by %s', async (_, answer, ms) => {
    const { fake, hub, naps } = open();
    fake.next.push(answer);
    expect(await hub.list(keys)).toEqual([]);
    expect(naps).toEqual([ms]);
  });

  it('says when to come back, where that is in an hour', async () => {
    const { fake, hub, naps } = open();
    fake.next.push({ status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '4600' } });
    await expect(hub.list(keys)).rejects.toMatchObject({
      code: 'github-limited',
      diagnostics: [expect.objectContaining({ help: expect.stringContaining('1970-01-01T01:16:41Z') })],
    });
    expect(naps).toEqual([]);
  });

  it('waits for a minute in all, however often it is put off', async () => {
    const { fake, hub, naps } = open();
    for (let i = 0; i < 9; i += 1) fake.next.push({ status: 429, headers: { 'retry-after': '20' } });
    await expect(hub.list(keys)).rejects.toMatchObject({ code: 'github-limited' });
    expect(naps).toEqual([20_000, 20_000, 20_000]);
  });

  it('takes a repository that it may not see for no empty one', async () => {
    const { hub } = open();
    await expect(hub.list('repos/acme/secret/keys')).rejects.toMatchObject({
      code: 'github-missing',
      diagnostics: [expect.objectContaining({ help: expect.stringContaining('the token may not see it') })],
    });
  });

  it('says which permission lacks', async () => {
    const { fake, hub } = open();
    const headers = { 'x-accepted-github-permissions': 'administration=write' };
    fake.next.push({ status: 403, headers, body: { message: 'Resource not accessible by personal access token' } });
    await expect(hub.create(keys, {})).rejects.toMatchObject({
      code: 'github-forbidden',
      diagnostics: [expect.objectContaining({ detail: ['it takes the permission administration=write'] })],
    });
  });

  it('says why a wish is refused', async () => {
    const { hub } = open();
    await expect(hub.create(keys, { title: 'x', key: 'no key' })).rejects.toThrow(
      'hub refuses POST repos/acme/shop/keys: 422 Validation Failed: key is invalid',
    );
  });

  it('names where a repository went', async () => {
    const { fake, hub } = open();
    fake.next.push({
      status: 301,
      headers: { location: 'https://api.github.com/repositories/1' },
      body: { message: 'Moved Permanently' },
    });
    await expect(hub.list(keys)).rejects.toThrow('which leads to https://api.github.com/repositories/1');
  });

  it('never shows the token, over a real connection either', async () => {
    const fake = new FakeGithub(['acme/shop']);
    const served = await serve(fake);
    const wrong = {
      ...githubTarget(fake, served.url),
      login: { user: '', password: new Secret('a-wrong-token'), realm: '' },
    };
    const said = await openGithub(wrong, { mayWrite: false })
      .identity()
      .catch((error: unknown) => error);
    expect(said).toMatchObject({ code: 'github-unauthorized' });
    expect(JSON.stringify(said)).not.toContain('a-wrong-token');
    expect(await openGithub(githubTarget(fake, served.url), { mayWrite: false }).identity()).toBe(
      new URL(served.url).host,
    );
    expect(fake.requests.join()).not.toContain(reveal(fake.token));
    await served.stop();
  });

  it('writes nothing for a plan', async () => {
    const { fake, hub } = open(false);
    await expect(hub.create(keys, {})).rejects.toThrow('a plan wants to write');
    expect(fake.requests).toEqual([]);
  });
});
