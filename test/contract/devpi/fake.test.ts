import { expect, test } from 'vitest';
import type { Http } from '../../../src/model/http.ts';
import type { WorldReader } from '../../../src/model/ports.ts';
import { Secret } from '../../../src/model/secret.ts';
import { index } from '../../../src/resources/devpi/package-index.ts';
import { DevpiClient } from '../../../src/resources/devpi/server.ts';
import { FakeIndex } from '../../cases/runner/fake-index.ts';
import { devpiSuite } from './suite.ts';

const server = { url: 'http://devpi.test', password: new Secret('root-password') };

devpiSuite('the fake', async () => ({ server, http: new FakeIndex() }));

test('a server that tells nobody anything tells root', async () => {
  const open = new FakeIndex();
  open.merge('/root/prod', { type: 'stage' });
  const refused = { status: 403, headers: {}, body: '{"message":"log in first"}' };
  const http: Http = {
    send: (url, request) => (request?.basic ? open.send(url, request) : Promise.resolve(refused)),
  };
  const client = new DevpiClient(http, 'http://devpi.test', { way: {}, password: new Secret('root-password') });
  expect(await client.get('/root/prod')).toEqual({ type: 'stage' });
});

test('an index that holds packages is data, a mirror and an empty one are not', async () => {
  const http = new FakeIndex();
  http.merge('/root/prod', { type: 'stage', projects: ['ours'] });
  const lossOf = (name: string, settings: object) =>
    index.type.loss({ server, name }, { settings }, { http } as Partial<WorldReader> as WorldReader);
  expect(await lossOf('root/prod', { type: 'stage' })).toMatchObject({ is: 'data', why: 'root/prod holds ours' });
  expect(await lossOf('root/prod', { type: 'mirror' })).toEqual({ is: 'none' });
  expect(await lossOf('root/other', { type: 'stage' })).toEqual({ is: 'none' });
});
