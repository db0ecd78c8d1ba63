import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSshHost } from '../../src/connect/ssh/open.ts';
import { type DebianRoot, openDebianRoot } from './debian-root.ts';
import { putShell } from './shell-folder.ts';
import { type Sshd, startSshd } from './sshd.ts';

/** The same as a `DebianRoot`, reached through an SSH server, with another shell. */
export interface RemoteDebian extends Omit<DebianRoot, 'close'> {
  close(): Promise<void>;
}

/** A real SSH server whose sessions begin in one Debian root after the other. */
export class DebianServer {
  #sshd: Promise<Sshd> | undefined;
  readonly #folder: string;

  /** @param folder for its own files, there until `stop` */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Opens a fresh Debian in which `sh` is this shell. One at a time. */
  async open(shell: string, root: DebianRoot = openDebianRoot()): Promise<RemoteDebian> {
    const place = `/opt/shells/${shell}`;
    mkdirSync(join(root.folder, place), { recursive: true });
    putShell(shell, root.folder, place);
    this.#sshd ??= this.#start();
    const { target, home } = await this.#sshd;
    writeFileSync(join(this.#folder, 'where'), `${root.folder} ${place}\n`);
    const { writer, close } = await openSshHost(target, { acceptNew: false }, home);
    return {
      ...root,
      host: writer,
      close: async () => {
        await close();
        root.close();
      },
    };
  }

  async stop(): Promise<void> {
    await (await this.#sshd)?.stop();
  }

  async #start(): Promise<Sshd> {
    const enter = join(this.#folder, 'enter');
    writeFileSync(enter, enterScript(join(this.#folder, 'where')), { mode: 0o755 });
    return startSshd([`ForceCommand ${enter}`]);
  }
}

function enterScript(where: string): string {
  return `#!/bin/sh
read -r root shells <'${where}'
exec chroot "$root" env -i PATH="$shells:/usr/sbin:/usr/bin:/sbin:/bin" HOME=/root USER=root LOGNAME=root LANG=C.UTF-8 \\
  sh -c "$SSH_ORIGINAL_COMMAND"
`;
}
