import { describe } from 'vitest';
import { serve } from '../../rig/serve.ts';
import { githubSuite } from './github.ts';

describe('GitHub', () => {
  githubSuite('the fake GitHub', async (fake) => ({
    url: 'https://api.github.com',
    http: fake,
    stop: () => Promise.resolve(),
  }));
  githubSuite('a server that answers as GitHub does', serve);
});
