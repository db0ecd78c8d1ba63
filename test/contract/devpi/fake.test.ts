import { Secret } from '../../../src/model/secret.ts';
import { FakeIndex } from '../../cases/runner/fake-index.ts';
import { devpiSuite } from './suite.ts';

devpiSuite('the fake', async () => ({
  server: { url: 'http://devpi.test', password: new Secret('root-password') },
  http: new FakeIndex(),
}));
