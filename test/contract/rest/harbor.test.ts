import { describe } from 'vitest';
import { serve } from '../../rig/serve.ts';
import { harborSuite } from './harbor.ts';

describe('Harbor', () => {
  harborSuite('the fake Harbor', async (fake) => ({
    url: 'https://harbor.fake',
    http: fake,
    stop: () => Promise.resolve(),
  }));
  harborSuite('a server that answers as Harbor does', serve);
});
