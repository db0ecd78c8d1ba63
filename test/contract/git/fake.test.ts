import { FakeGit } from '../../../src/connect/fake/git.ts';
import { Secret } from '../../../src/model/secret.ts';
import { gitSuite } from './suite.ts';

const url = 'git@git.example:acme/shop.git';
const paths = ['README.md', 'top.yaml', 'old.yaml', 'manifests/web.yaml'];

gitSuite('the fake', async () => {
  const git = new FakeGit();
  git.push(url, 'main', { 'README.md': 'hello\n' });
  return {
    remote: { url, key: new Secret('a key'), knownHosts: '' },
    git,
    push: async (files) => git.push(url, 'main', files),
    tree: async () => paths.map((path) => [path, git.textOf(url, 'main', path)]),
    pushes: () => git.writes,
    break: async () => git.break('git.example does not answer'),
  };
});
