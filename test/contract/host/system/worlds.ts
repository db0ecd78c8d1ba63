import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, it } from 'vitest';
import { FakeHost } from '../../../../src/connect/fake/host.ts';
import { type DebianRoot, hasDebianRoots, openDebianRoot } from '../../../rig/debian-root.ts';
import { DebianServer, type RemoteDebian } from '../../../rig/debian-ssh.ts';
import { askedShells } from '../../../rig/shell-folder.ts';
import { whyNoSshd } from '../../../rig/sshd.ts';
import type { TestWorld } from '../../suite.ts';

/** A whole system of its own, with hands that change its files behind the engine's back. */
export interface SystemWorld extends TestWorld<'host'> {
  /** Text of a file; empty when it isn't there. */
  text(path: string): string;
  put(path: string, text: string): void;
  edit(path: string, change: (text: string) => string): void;
  /** Runs a script inside; on the fake it does nothing. */
  sh(script: string): void;
  /** The fake host, where it is one. */
  readonly fake?: FakeHost;
}

async function openFake(): Promise<SystemWorld & { readonly fake: FakeHost }> {
  const fake = new FakeHost();
  const { files } = fake;
  const text = (path: string): string => Buffer.from(files.content(path) ?? []).toString();
  const put = (path: string, content: string): void => {
    files.makeDirectories(path.slice(0, path.lastIndexOf('/')));
    const kept = files.get(path) ?? { mode: '0644', owner: 'root', group: 'root' };
    files.set(path, { ...kept, kind: 'file', content: Buffer.from(content) });
  };
  return {
    fake,
    reader: fake,
    writer: fake,
    writes: () => fake.changes,
    text,
    put,
    edit: (path, change) => put(path, change(text(path))),
    sh: () => undefined,
    close: async () => undefined,
  };
}

function inside({ host, folder, sh, close }: DebianRoot | RemoteDebian): SystemWorld {
  const at = (path: string): string => join(folder, path);
  const put = (path: string, content: string): void => writeFileSync(at(path), content);
  const text = (path: string): string => {
    try {
      return readFileSync(at(path), 'utf8');
    } catch {
      return '';
    }
  };
  return {
    reader: host,
    writer: host,
    text,
    put,
    edit: (path, change) => put(path, change(text(path))),
    sh: (script) => void sh(script),
    close: async () => await close(),
  };
}

const home = mkdtempSync(join(tmpdir(), 'cairn-debian-'));
const server = new DebianServer(home);
afterAll(async () => {
  await server.stop();
  rmSync(home, { recursive: true });
});

/** Why no Debian can be reached through a real sshd, or null. */
export const whyNoRemote: string | null = hasDebianRoots ? whyNoSshd() : 'skipped: no Debian of its own';

/** The shells that a Debian is tried with behind one. */
export const debianShells: readonly string[] = whyNoRemote === null ? askedShells : [];

/** A fresh Debian behind that sshd. @param root made ready before */
export function openRemote(sh: string, root?: DebianRoot): Promise<RemoteDebian> {
  return server.open(sh, root);
}

if (!hasDebianRoots) it.skip('on a Debian of its own: needs root and CAIRN_TEST_HOST=1 or CI=true');

/** The worlds that types about the system are tried on. */
export const systems: Readonly<Record<string, () => Promise<SystemWorld>>> = {
  'a fake host': openFake,
  ...(hasDebianRoots ? { 'a Debian of its own': async () => inside(openDebianRoot()) } : {}),
  ...Object.fromEntries(
    debianShells.map((sh) => [`a Debian by SSH with ${sh}`, async () => inside(await openRemote(sh))]),
  ),
};

/** Lines of files, sorted: what undo must give back of what has no order. */
export function linesOf(world: SystemWorld, paths: readonly string[]): unknown {
  return paths.map((path) => world.text(path).split('\n').sort());
}
