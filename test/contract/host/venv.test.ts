import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CairnError } from '../../../src/model/diagnostic.ts';
import { Secret } from '../../../src/model/secret.ts';
import { type VenvState, type VenvWant, venv } from '../../../src/resources/host/python/venv.ts';
import { wheel } from '../../rig/wheel.ts';
import { contractSuite } from '../suite.ts';
import { typeOf } from './types.ts';
import { type HostWorld, openFake, worlds } from './worlds.ts';

const type = typeOf(venv);
const idIn = ({ folder }: HostWorld) => ({ path: `${folder}/venv` });

async function pipIn(world: HostWorld, ...words: readonly string[]): Promise<void> {
  const run = { do: 'run', argv: [`${idIn(world).path}/bin/python`, '-m', 'pip', ...words] } as const;
  await world.writer.change({ guards: [], operations: [run], readBack: [] });
}

// A real environment takes many seconds to make: one story is below, where a shell is reached by SSH.
contractSuite({
  name: 'virtual environment on a fake host',
  type,
  open: openFake,
  id: idIn,
  want: { packages: { Demo_App: '1.0', other: '2.0' } },
  drifts: { packages: async (world) => await pipIn(world, 'install', 'demo-app==1.1', 'foreign==1') },
  older: async (world) => {
    const run = { do: 'run', argv: ['python3', '-m', 'venv', idIn(world).path] } as const;
    await world.writer.change({ guards: [], operations: [run], readBack: [] });
    await pipIn(world, 'install', 'demo-app==0.9');
  },
  snapshot: async (world) => world.tree(),
  unreadable: { 'when it is no environment': async (world) => await world.mkdir('venv') },
});

const login = 'canary-of-the-index-3c77';
const wheels: Readonly<Record<string, Buffer>> = {
  'demo_app-1.0-py3-none-any.whl': wheel('demo_app', '1.0', 'Requires-Dist: other\n'),
  'demo_app-1.1-py3-none-any.whl': wheel('demo_app', '1.1'),
  'other-2.0-py3-none-any.whl': wheel('other', '2.0'),
};
let server: Server;
let indexUrl: Secret;

beforeAll(async () => {
  const right = `Basic ${Buffer.from(`ci:${login}`).toString('base64')}`;
  server = createServer((request, response) => {
    const [, kind, name = ''] = (request.url ?? '').split('/');
    if (request.headers.authorization !== right)
      response.writeHead(401, { 'www-authenticate': 'Basic realm="index"' }).end();
    else if (kind === 'files') response.end(wheels[name]);
    else {
      const files = Object.keys(wheels).filter((file) => file.startsWith(name.replaceAll('-', '_')));
      response.setHeader('content-type', 'text/html');
      response.end(files.map((file) => `<a href="/files/${file}">${file}</a>`).join('\n'));
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  indexUrl = new Secret(`http://ci:${login}@127.0.0.1:${(server.address() as AddressInfo).port}/simple/`);
});
afterAll(() => server.close());

const { 'a fake host': _, 'this machine': __, ...realWorlds } = worlds;

describe.each(Object.entries(realWorlds))('a virtual environment on %s', (_, open) => {
  it('is made, is changed back when somebody changed it, and is taken back', { timeout: 600_000 }, async () => {
    const world = await open();
    const before = world.tree();
    const id = idIn(world);
    const read = async (): Promise<VenvState | null> => {
      const found = await type.read(id, world.reader);
      if (found.is === 'unreadable') throw new CairnError(found.why);
      return found.is === 'present' ? (found.live as VenvState) : null;
    };
    const write = async (live: VenvState | null, want: VenvWant): Promise<VenvState> => {
      const done = await type.write({ id, want, live, options: {} }, world.writer);
      if (done.is === 'moved' || done.live === null) throw new Error('it is not there');
      return done.live as VenvState;
    };
    const want = { packages: { 'demo-app': '1.0', other: '2.0' }, indexUrl };

    const lacking: unknown = await write(null, { ...want, packages: { 'demo-app': '1.0' } }).catch((error) => error);
    expect(inspect(lacking, { depth: 9 })).toContain('requires other, which is not installed');
    expect(inspect(lacking, { depth: 9 })).not.toContain(login);

    const made = await write(await read(), want);
    expect(made.packages).toEqual(expect.arrayContaining(['demo-app==1.0', 'other==2.0']));
    expect(type.diff(made, want).changes).toEqual([]);
    const holding = { do: 'run', argv: ['grep', '-rqF', login, id.path] } as const;
    await expect(world.writer.change({ guards: [], operations: [holding], readBack: [] })).rejects.toThrow(/status 1/);

    const changed = await write(made, { packages: { 'demo-app': '1.1' }, indexUrl });
    expect(changed.packages.filter((one) => !/^(pip|setuptools|wheel)==/.test(one))).toEqual(['demo-app==1.1']);
    expect(type.diff(changed, want).changes).toMatchObject([{ path: 'packages' }]);

    await type.restore({ id, before: null, live: changed }, world.writer);
    expect(world.tree()).toEqual(before);
    await world.close();
  });
});

describe('a package of a virtual environment', () => {
  it('needs a name and one exact version', () => {
    for (const [name, version] of [
      ['-r', '1'],
      ['a', '>=1'],
      ['a b', '1'],
      ['a', '*'],
      ['a', ''],
    ] as const)
      expect(() => type.diff(null, { packages: { [name]: version } })).toThrow(/no package of one exact version/);
    expect(type.diff({ packages: ['my-app==1.0', 'pip==23.0'] }, { packages: { My_App: '1.0' } }).changes).toEqual([]);
  });
});
