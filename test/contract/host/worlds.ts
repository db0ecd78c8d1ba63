import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, it } from 'vitest';
import { FakeHost } from '../../../src/connect/fake/host.ts';
import { openPodHost } from '../../../src/connect/kubernetes/pod-host.ts';
import { openLocalHost } from '../../../src/connect/local/host.ts';
import { openSshHost, type SshHost } from '../../../src/connect/ssh/open.ts';
import type { HostChange, HostWriter, Turn } from '../../../src/model/host.ts';
import { startPod, type TestPod, whyNoPod } from '../../rig/pod.ts';
import { askedShells, makeShellFolder, otherShell, pathThrough } from '../../rig/shell-folder.ts';
import { type Sshd, startSshd, whyNoSshd } from '../../rig/sshd.ts';
import type { TestWorld } from '../suite.ts';

/** A host with hands to change it behind the engine's back. All paths lie in `folder`. */
export interface HostWorld extends TestWorld<'host'> {
  readonly folder: string;
  put(name: string, content: string, mode?: string): Promise<void>;
  chmod(name: string, mode: string): Promise<void>;
  chown(name: string, owner: string, group: string): Promise<void>;
  link(name: string, target: string): Promise<void>;
  mkdir(name: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Everything in the folder, as text or data. */
  tree(): unknown;
}

const rootOwned = { owner: 'root', group: 'root' } as const;

/** A host in memory. */
export async function openFake(): Promise<HostWorld & { readonly host: FakeHost }> {
  const host = new FakeHost();
  const { files } = host;
  const folder = '/tmp/world';
  files.makeDirectories(folder);
  const at = (name: string): string => `${folder}/${name}`;
  const edit = async (name: string, attributes: object): Promise<void> => {
    const node = files.get(at(name));
    if (node) files.set(at(name), { ...node, ...attributes });
  };
  return {
    host,
    folder,
    reader: host,
    writer: host,
    writes: () => host.changes,
    put: async (name, content, mode = '0644') =>
      files.set(at(name), { kind: 'file', content: Buffer.from(content), mode, ...rootOwned }),
    chmod: async (name, mode) => await edit(name, { mode }),
    chown: async (name, owner, group) => await edit(name, { owner, group }),
    link: async (name, target) => files.set(at(name), { kind: 'link', target, mode: '0777', ...rootOwned }),
    mkdir: async (name) => files.makeDirectories(at(name)),
    remove: async (name) => files.remove(at(name)),
    tree: () => host.snapshot(),
    close: async () => undefined,
  };
}

/** This machine, in a temporary folder. */
export async function openLocal(): Promise<HostWorld> {
  return openFolder(await openLocalHost());
}

const folders: string[] = [];

function shellFolder(sh: string): string {
  const folder = makeShellFolder(sh);
  folders.push(folder);
  return folder;
}

interface Served {
  readonly server: Sshd;
  readonly host: SshHost;
}

const served = new Map<string, Promise<Served>>();

/** The same, through a real sshd: one, and one connection, for all worlds of a test file. @param sh the shell there */
async function openSsh(sh: string): Promise<HostWorld> {
  const way = served.get(sh) ?? serve(sh);
  served.set(sh, way);
  return openFolder((await way).host.writer);
}

async function serve(sh: string): Promise<Served> {
  const server = await startSshd([pathThrough(shellFolder(sh))]);
  return { server, host: await openSshHost(server.target, { acceptNew: false }, server.home) };
}

let pod: Promise<TestPod> | undefined;

/** A container of a pod in the throw-away cluster, through exec: one for all worlds of a test file. */
async function openPod(): Promise<HostWorld> {
  pod ??= startPod();
  const { way, sh } = await pod;
  const host = await openPodHost(way);
  const counted = countWrites(host.writer);
  const folder = (await sh('mktemp -d /tmp/cairn-host-XXXXXX')).trim();
  const at = (name: string): string => `${folder}/${name}`;
  return {
    folder,
    reader: counted.host,
    writer: counted.host,
    writes: counted.writes,
    put: async (name, content, mode = '0644') =>
      void (await sh('cat >"$1" && chmod "$2" "$1"', [at(name), mode], content)),
    chmod: async (name, mode) => void (await sh('chmod "$2" "$1"', [at(name), mode])),
    chown: async (name, owner, group) => void (await sh('chown -h "$2" "$1"', [at(name), `${owner}:${group}`])),
    link: async (name, target) => void (await sh('ln -sfn "$2" "$1"', [at(name), target])),
    mkdir: async (name) => void (await sh('mkdir -p "$1"', [at(name)])),
    remove: async (name) => void (await sh('rm -rf "$1"', [at(name)])),
    tree: async () => await sh(`cd "$1" && ${treeScript}`, [folder]),
    close: async () => {
      await host.close();
      await sh('rm -rf "$1"', [folder]);
    },
  };
}

afterAll(async () => {
  for (const way of served.values()) {
    const { server, host } = await way;
    await host.close();
    await server.stop();
  }
  for (const folder of folders) await rm(folder, { recursive: true });
  await (await pod)?.stop();
});

const treeScript = `find . -printf '%p %y %m %u %g %l\\n' | sort; find . -type f -exec sha256sum {} +`;

async function openFolder(host: HostWriter): Promise<HostWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-host-'));
  const counted = countWrites(host);
  const sh = (program: string, ...args: string[]): void => void execFileSync(program, args, { cwd: folder });
  return {
    folder,
    reader: counted.host,
    writer: counted.host,
    writes: counted.writes,
    put: async (name, content, mode = '0644') => {
      await writeFile(join(folder, name), content);
      sh('chmod', mode, name);
    },
    chmod: async (name, mode) => sh('chmod', mode, name),
    chown: async (name, owner, group) => sh('chown', '-h', `${owner}:${group}`, name),
    link: async (name, target) => sh('ln', '-sfn', target, name),
    mkdir: async (name) => sh('mkdir', '-p', name),
    remove: async (name) => sh('rm', '-rf', name),
    tree: () =>
      execFileSync('sh', ['-c', treeScript], {
        cwd: folder,
        encoding: 'utf8',
      }),
    close: async () => await rm(folder, { recursive: true, force: true }),
  };
}

function countWrites(host: HostWriter): { host: HostWriter; writes: () => number } {
  let writes = 0;
  const counted = async <T extends Turn>(change: HostChange, turn: Promise<T>): Promise<T> => {
    const turned = await turn;
    if (turned.is === 'written' && change.operations.length > 0) writes += 1;
    return turned;
  };
  return {
    writes: () => writes,
    host: {
      ask: async (question) => await host.ask(question),
      change: (change) => counted(change, host.change(change)),
      changeInTurn: (changes, stop) => {
        const turns = host.changeInTurn(changes, stop);
        return changes.flatMap((change, i) => (turns[i] ? [counted(change, turns[i])] : []));
      },
    },
  };
}

/** This machine can be tried on by root alone. */
export const isRoot = process.getuid?.() === 0;

if (!isRoot) it.skip('on this machine: needs root');
const whyNo = whyNoSshd();
const noPod = whyNoPod();
if (noPod !== null) it.skip(`in a pod: ${noPod}`);
if (whyNo !== null) it.skip(`on a real sshd: ${whyNo}`);

/** The worlds that every host type is tried on. */
export const worlds: Readonly<Record<string, () => Promise<HostWorld>>> = {
  'a fake host': openFake,
  ...(isRoot ? { 'this machine': openLocal } : {}),
  ...(whyNo === null
    ? Object.fromEntries(
        (askedShells.length > 0 ? askedShells : [otherShell]).map((sh) => [
          `a real sshd with ${sh}`,
          () => openSsh(sh),
        ]),
      )
    : {}),
  ...(noPod === null ? { 'a pod': openPod } : {}),
};
