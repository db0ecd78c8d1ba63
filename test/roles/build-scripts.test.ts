import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf } from '../rig/folder.ts';

const scripts = join(import.meta.dirname, '../../roles/container_deployment/files');
const component = 'manifests/image/kustomization.yaml';

/** A bare repository, a person's clone of it, and what the builder's scripts do to it. */
class Site {
  readonly #home = folderOf('build-scripts');
  readonly bare = join(this.#home, 'site.git');
  readonly #clone = join(this.#home, 'person');
  #runs = 0;

  constructor() {
    this.git(this.#home, 'init', '--quiet', '--bare', '--initial-branch=main', this.bare);
    this.git(this.#home, 'clone', '--quiet', this.bare, this.#clone);
    this.git(this.#clone, 'checkout', '--quiet', '-b', 'main');
    this.push('image/Containerfile', 'FROM scratch\n');
  }

  git(at: string, ...words: readonly string[]): string {
    const name = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@a', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@a' };
    const env = { ...process.env, ...name, GIT_CONFIG_GLOBAL: '/dev/null' };
    return execFileSync('git', ['-C', at, ...words], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] });
  }

  /** A person's commit on top of what is there. */
  push(path: string, text: string): void {
    const file = join(this.#clone, path);
    if (this.git(this.bare, 'branch') !== '') this.git(this.#clone, 'pull', '--quiet', 'origin', 'main');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    this.git(this.#clone, 'add', '.');
    this.git(this.#clone, 'commit', '--quiet', '--message', path);
    this.git(this.#clone, 'push', '--quiet', 'origin', 'main');
  }

  /** What is in the branch now. */
  show(path: string): string {
    return this.git(this.bare, 'show', `main:${path}`);
  }

  messages(): readonly string[] {
    return this.git(this.bare, 'log', '--format=%s', 'main').trim().split('\n');
  }

  look(force = 'no', builder = 'kaniko'): Readonly<Record<'build' | 'tag' | 'built' | 'commit', string>> {
    const home = this.#run('look.sh', 'main', force, builder);
    const said = (name: string): string => readFileSync(join(home, name), 'utf8');
    return { build: said('build'), tag: said('tag'), built: said('built'), commit: said('commit') };
  }

  record(tag: string): void {
    this.#run('record.sh', 'main', 'registry.example/library/devpi', tag, 'a test', 'kaniko');
  }

  // Each pod has a home of its own.
  #run(script: string, ...args: readonly string[]): string {
    this.#runs += 1;
    const home = join(this.#home, `pod-${this.#runs}`);
    mkdirSync(home);
    const text = `set -eu\nhost=$1 url=$2\n${readFileSync(join(scripts, script), 'utf8')}`;
    const env = { ...process.env, HOME: home, GIT_CONFIG_GLOBAL: '/dev/null' };
    execFileSync('sh', ['-c', text, script, 'host', this.bare, ...args], { cwd: home, env, stdio: 'pipe' });
    return home;
  }
}

describe('the scripts of a build', () => {
  it('build what was never built, under a tag of the time and of what is built', () => {
    const site = new Site();
    const { build, tag, built, commit } = site.look();
    expect([build, built]).toEqual(['yes', '']);
    const tree = site.git(site.bare, 'rev-parse', 'main:image').slice(0, 12);
    expect(tag).toMatch(new RegExp(`^20\\d{6}-\\d{6}-${tree}$`));
    expect(commit).toBe(site.git(site.bare, 'rev-parse', 'main').trim());
  });

  it('record the tag, and see by it that nothing is to be built: their own commit starts no other', () => {
    const site = new Site();
    const { tag } = site.look();
    site.record(tag);
    expect(site.show(component)).toContain(
      `  - name: devpi\n    newName: registry.example/library/devpi\n    newTag: ${tag}\n`,
    );
    expect(site.look()).toMatchObject({ build: 'no', built: tag });
    expect(site.look('yes').build).toBe('yes');
  });

  it('build again what another builder has built', () => {
    const site = new Site();
    site.record(site.look().tag);
    expect(site.look('no', 'buildkit').build).toBe('yes');
  });

  it('build again what changed in image/, and only that', () => {
    const site = new Site();
    const { tag } = site.look();
    site.record(tag);
    site.push('manifests/devpi.yaml', 'kind: Deployment\n');
    expect(site.look().build).toBe('no');
    site.push('image/requirements-more.txt', 'devpi-ldap\n');
    expect(site.look()).toMatchObject({ build: 'yes', built: tag });
  });

  it('record on top of what somebody pushes at the same moment', () => {
    const site = new Site();
    const { tag } = site.look();
    site.push('README.md', 'theirs\n');
    const theirs = site.git(site.bare, 'rev-parse', 'main').trim();
    site.git(site.bare, 'update-ref', 'refs/heads/main', `${theirs}~1`);
    const hook = join(site.bare, 'hooks/pre-receive');
    writeFileSync(hook, `#!/bin/sh\nrm "$0"\nunset GIT_QUARANTINE_PATH\ngit update-ref refs/heads/main ${theirs}\n`);
    chmodSync(hook, 0o755);
    site.record(tag);
    expect(site.messages()).toEqual([`Image ${tag}`, 'README.md', 'image/Containerfile']);
  });
});
