import { describe, expect, it } from 'vitest';
import { FakeHost } from '../../../src/connect/fake/host.ts';
import { handleOf, type Readiness, type Resource } from '../../../src/model/resource.ts';
import { fileExists, httpAnswers, portOpen } from '../../../src/resources/host/gates.ts';

async function ask(gate: Resource<object>, host: FakeHost): Promise<Readiness | undefined> {
  const { type, id } = handleOf(gate);
  return await type.ready?.(id, id, { host } as never);
}

const ready = { is: 'ready' };

describe('a gate of a host', () => {
  it('opens when the file is there', async () => {
    const host = new FakeHost();
    const gate = fileExists({ path: '/opt/ready' });
    expect(await ask(gate, host)).toEqual({ is: 'waiting', on: '/opt/ready to appear' });
    host.files.makeDirectories('/opt/ready');
    expect(await ask(gate, host)).toEqual(ready);
  });

  it('opens when something listens on the port, and not for a connection from it', async () => {
    const host = new FakeHost();
    const table = (state: string): string => `  0: 00000000:01BB 00000000:0000 ${state} 00000000:00000000\n`;
    let state = '01';
    host.commands.push({ argv: ['cat', '/proc/net/tcp'], run: () => ({ stdout: table(state) }) });
    expect(await ask(portOpen({ port: 443 }), host)).toMatchObject({ is: 'waiting' });
    state = '0A';
    expect(await ask(portOpen({ port: 443 }), host)).toEqual(ready);
    expect(await ask(portOpen({ port: 44 }), host)).toMatchObject({ is: 'waiting' });
  });

  it('opens when the URL answers, by wget where there is no curl, and says what it heard', async () => {
    const host = new FakeHost();
    const gate = httpAnswers({ url: 'http://localhost/' });
    expect(await ask(gate, host)).toMatchObject({ on: expect.stringContaining('neither curl nor wget') });
    host.commands.push({ argv: ['wget'], run: () => undefined });
    expect(await ask(gate, host)).toEqual(ready);
    host.commands.push({ argv: ['curl'], run: () => ({ status: 22, stderr: 'curl: (22) error: 503\n' }) });
    expect(await ask(gate, host)).toMatchObject({ on: expect.stringContaining('503') });
  });
});
