import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FakeHost } from '../../src/connect/fake/host.ts';
import { type AnyType, handleOf, type Resource } from '../../src/model/resource.ts';
import * as sdk from '../../src/sdk.ts';

const doc = readFileSync(new URL('../../docs/files.md', import.meta.url), 'utf8');
const examples = [...doc.matchAll(/```ts\n(\{\n.*?\})\n```/gs)].map(([, code = '']) => code);

function fakeHost(): FakeHost {
  const host = new FakeHost();
  for (const folder of ['/etc/ssh', '/etc/sudoers.d', '/root/.ssh', '/etc/docker', '/etc/systemd', '/etc/app.d'])
    host.files.makeDirectories(folder);
  host.commands.push({ argv: ['visudo'], run: () => undefined });
  const commit = 'c'.repeat(40);
  const repository = { refs: { 'refs/tags/v1.4': commit }, commits: { [commit]: { index: 'x' } } };
  host.repositories.set('https://git.example.org/site.git', repository);
  return host;
}

describe('the examples of docs/files.md', () => {
  it('are found', () => expect(examples.length).toBeGreaterThan(2));

  it.each(examples)('are made, are then unchanged, and are taken back: %s', async (code) => {
    const declared = new Function('host', `return (${code})`)(sdk.host) as Record<string, Resource<unknown>>;
    const host = fakeHost();
    for (const resource of Object.values(declared)) {
      const { id, want, type } = handleOf(resource);
      const { read, write, restore, diff, address } = type as AnyType & { on: 'host' };
      expect(address(id)).toMatch(/^\S+$/);
      const before = host.snapshot();
      const look = async (): Promise<unknown> => {
        const found = await read(id, host as never);
        return found.is === 'present' ? found.live : null;
      };
      const found = await look();
      await write({ id, want, live: found, options: {} }, host as never);
      expect(diff(await look(), want as never).changes).toEqual([]);
      await restore({ id, before: found, live: await look() }, host as never);
      expect(host.snapshot()).toEqual(before);
    }
  });
});
