import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { parseArgs } from '../../src/cli/args/parse.ts';
import type { StepInstance } from '../../src/model/project.ts';
import type { RunResult } from '../../src/run/outcome.ts';
import { hasDebianRoots, openDebianRoot } from '../rig/debian-root.ts';
import { buildPrograms, rigTimeout, whyNo } from '../rig/programs.ts';
import { World } from '../rig/world.ts';
import { everythingAnswers, openServer, putDatabase } from './from-ansible/fakes.ts';
import { readPage } from './from-ansible/page.ts';
import { downloadsIn, instancesIn, stepIds, writeProject } from './from-ansible/project.ts';

const page = readPage();
const codes = [...page.rows, ...page.members].map(({ code }) => code);
const examples = [...stepIds(page), 'web/10_site'].map((id, at) => [codes[at] ?? id, id] as const);
const whyNoPrograms = whyNo('helm', 'kubectl');
const aboutFiles = /^host\.(?:file|directory|link|line|block|iniValue|yamlValue|archive|hostsEntry|cron|sudoers)\(/;
const tree = `find /etc /opt /root /srv /usr/local /var/lib /var/spool -printf '%p %y %m %u %g %l\\n' | sort
find /etc /opt /root /srv /var/spool -type f -exec sha256sum {} + | sort`;
let root: string;
let instances: ReadonlyMap<string, StepInstance>;

beforeAll(async () => {
  if (whyNoPrograms === null) await buildPrograms('helm', 'kubectl');
  root = writeProject(page);
  instances = await instancesIn(root);
}, rigTimeout);
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the examples of docs/from-ansible.md', () => {
  it('are found', () => {
    expect(page.rows.length).toBeGreaterThan(40);
    expect(page.members.length).toBeGreaterThan(5);
    expect([...page.files.keys()]).toContain('steps/web/10_site.ts');
  });

  it.for(examples)('are planned, made, then unchanged, and taken back: %s', async ([code, id], { skip }) => {
    skip(/helmRelease|kustomization/.test(code) && whyNoPrograms !== null, whyNoPrograms ?? '');
    const instance = instances.get(id);
    if (!instance) throw new Error(`${id} was not loaded`);
    const world = new World([instance], {
      host: openServer(instance),
      http: everythingAnswers,
      downloads: downloadsIn(root),
    });
    putDatabase(world.kube);
    const before = everythingIn(world);
    const looksOnly = /host\.(?:fileExists|portOpen|httpAnswers)/.test(code);
    expect((await world.pending()).length > 0).toBe(!looksOnly);
    expect(failureOf(await world.up())).toEqual([]);
    expect(await world.pending()).toEqual([]);
    expect(failureOf(await world.up())).toEqual([]);
    expect(failureOf(await world.undo())).toEqual([]);
    expect(everythingIn(world)).toEqual(before);
  });

  it.skipIf(!hasDebianRoots)('about files do the same on a Debian of its own, all together', async () => {
    const debian = openDebianRoot();
    onTestFinished(() => debian.close());
    debian.sh(`mkdir -p /opt/tool /etc/nginx/conf.d /root/.ssh
      ln -s /bin/true /usr/bin/tool
      echo 127.0.0.1 localhost >/etc/hosts`);
    const chosen = examples.flatMap(([code, id]) => (aboutFiles.test(code) ? (instances.get(id) ?? []) : []));
    const world = new World(chosen, { host: debian.host as never });
    const before = debian.sh(tree);
    expect((await world.pending()).length).toBeGreaterThan(chosen.length);
    expect(failureOf(await world.up())).toEqual([]);
    const made = debian.sh(tree);
    expect(await world.pending()).toEqual([]);
    expect(failureOf(await world.up())).toEqual([]);
    expect(debian.sh(tree)).toBe(made);
    expect(failureOf(await world.undo())).toEqual([]);
    expect(debian.sh(tree)).toBe(before);
  });

  it('are checked against the types', () => {
    const tsconfig = {
      extends: join(import.meta.dirname, '../../tsconfig.json'),
      compilerOptions: {
        noUnusedLocals: false,
        noUnusedParameters: false,
        typeRoots: [join(import.meta.dirname, '../../node_modules/@types')],
      },
      include: ['steps', 'roles'],
    };
    writeFileSync(join(root, 'tsconfig.json'), JSON.stringify(tsconfig));
    const tsc = join(import.meta.dirname, '../../node_modules/.bin/tsc');
    expect(spawnSync(tsc, ['-p', root], { encoding: 'utf8' }).stdout).toBe('');
  });
});

function failureOf({ code, failure }: RunResult): readonly unknown[] {
  return code === 0 ? [] : (failure?.causes ?? [code]);
}

// Homes of users stay, as docs/accounts.md says.
function everythingIn({ host, kube }: World): unknown {
  const files = Object.entries(host.files.snapshot()).filter(([path]) => !path.startsWith('/home'));
  return { files, packages: host.packages.all(), services: [...host.services], objects: kube.snapshot() };
}

it.each(page.tasks)('what stands on the left is YAML: %s', (task) => {
  expect(() => parse(task)).not.toThrow();
});

it.each(page.commandLines)('the command line is understood: %s', (line) => {
  const words = line.match(/'[^']*'|\S+/g)?.map((word) => word.replace(/^'(.*)'$/, '$1')) ?? [];
  expect(parseArgs(words.slice(1), '0').name).not.toBe('wrong');
});
