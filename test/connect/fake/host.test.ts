import { describe, expect, it } from 'vitest';
import { FakeHost } from '../../../src/connect/fake/host.ts';
import type { Operation } from '../../../src/model/host.ts';

const file = (path: string, content = 'x'): Operation => ({
  do: 'put-file',
  path,
  content,
  mode: '0644',
  owner: 'root',
  group: 'root',
});

const just = (...operations: Operation[]) => ({ guards: [], operations, readBack: [] });

describe('a fake host', () => {
  it('fails at the change that a test asks for, and writes nothing of it', async () => {
    const host = new FakeHost();
    host.failAt = 2;
    await host.change(just(file('/opt/a')));
    await expect(host.change(just(file('/opt/b')))).rejects.toMatchObject({ code: 'operation-failed' });
    expect(host.files.list('/opt')).toEqual(['a']);
    expect(host.changes).toBe(2);
  });

  it('counts no change that does nothing or that a guard stopped', async () => {
    const host = new FakeHost();
    await host.change(just());
    const guards = [{ question: { ask: 'stat', path: '/etc' }, expected: null }] as const;
    expect(await host.change({ guards, operations: [file('/etc/a')], readBack: [] })).toEqual({ is: 'moved' });
    expect(host.changes).toBe(0);
  });

  it('lets a test interfere right before the operations', async () => {
    const host = new FakeHost();
    host.beforeChange = () => host.files.makeDirectories('/etc/a');
    await expect(host.change(just(file('/etc/a')))).rejects.toThrow(/is a directory/);
  });

  it('follows links in the folders above and not the last name', async () => {
    const host = new FakeHost();
    host.files.set('/to-etc', { kind: 'link', target: 'etc', mode: '0777', owner: 'root', group: 'root' });
    await host.change(just(file('/to-etc/a', 'through')));
    expect(host.files.content('/etc/a')).toEqual(new TextEncoder().encode('through'));
    expect(host.files.state('/to-etc')?.kind).toBe('link');
  });

  it('does not let answers be changed from outside', async () => {
    const host = new FakeHost();
    await host.change(just(file('/etc/a', 'abc')));
    const bytes = await host.ask({ ask: 'content', path: '/etc/a' });
    bytes?.fill(0);
    expect(Buffer.from(host.files.content('/etc/a') ?? []).toString()).toBe('abc');
  });

  it('knows a program by the words that begin its command line, the newest first', async () => {
    const host = new FakeHost();
    host.commands.push({ argv: ['kind', 'get'], run: () => ({ stdout: 'cairn\n' }) });
    const ask = async (...argv: [string, ...string[]]) => await host.ask({ ask: 'run', argv });
    expect(await ask('kind', 'get', 'clusters')).toMatchObject({ status: 0, stdout: 'cairn\n' });
    expect(await ask('kind', 'create')).toMatchObject({ status: 127 });
  });

  it('gives a snapshot that is equal when nothing changed', async () => {
    const host = new FakeHost();
    const before = host.snapshot();
    await host.change(just(file('/etc/a'), { do: 'remove', path: '/etc/a' }));
    expect(host.snapshot()).toEqual(before);
  });
});
