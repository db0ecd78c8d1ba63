import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLocalHost } from '../../../src/connect/local/host.ts';
import { LocalTransport } from '../../../src/connect/local/transport.ts';
import { ShellWriter } from '../../../src/connect/shell/host.ts';
import type { ShellSink } from '../../../src/connect/shell/transport.ts';
import type { Operation } from '../../../src/model/host.ts';
import { Secret } from '../../../src/model/secret.ts';
import { shells } from '../shell/shells.ts';

let folder: string;

// Files of other owners, other users' eyes.
beforeEach(({ skip }) => skip(process.getuid?.() !== 0, 'needs root'));
const at = (name: string): string => join(folder, name);
const rootOwned = { owner: 'root', group: 'root' } as const;
const put = (path: string, content: Extract<Operation, { do: 'put-file' }>['content']): Operation => ({
  do: 'put-file',
  path,
  content,
  mode: '0644',
  ...rootOwned,
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-local-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function isRunning(words: string): boolean {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(words);
}

describe.each(shells.map((argv) => [argv.join(' '), argv] as const))('changes in %s', (_, argv) => {
  const host = new ShellWriter(new LocalTransport({ argv }));
  const change = async (...operations: Operation[]): Promise<unknown> =>
    await host.change({ guards: [], operations, readBack: [] });

  it('put 5 MiB of any bytes in place', async () => {
    const content = Uint8Array.from({ length: 5 * 1024 * 1024 }, (_, index) => (index * 7919) >> 3);
    await change(put(at('large'), content));
    expect(readFileSync(at('large')).equals(content)).toBe(true);
    const back = await host.ask({ ask: 'content', path: at('large') });
    expect(Buffer.from(back ?? []).equals(content)).toBe(true);
  });

  it('put large files in place one after the other, and one that its check refuses is not there', async () => {
    const lines = Buffer.from(`\ntouch ${at('canary')}\n`.repeat(20_000));
    await change(put(at('first'), lines), put(at('small'), 'x'), put(at('second'), lines));
    for (const name of ['first', 'second']) expect(readFileSync(at(name)).equals(lines)).toBe(true);
    const refused = { ...put(at('refused'), lines), validate: ['false', '%s'] } as const;
    await expect(change(refused)).rejects.toMatchObject({ code: 'operation-failed' });
    await expect(change(put(at('no/such/folder'), lines))).rejects.toMatchObject({ code: 'operation-failed' });
    expect(readdirSync(folder).sort()).toEqual(['first', 'second', 'small']);
  });

  it('take nothing for commands that is left of what they were fed', async () => {
    const lines = Buffer.from(`\ntouch ${at('canary')}\n`.repeat(20_000));
    const nobody = { stdout: () => undefined, stderr: () => undefined };
    const script = { text: 'head -c 10 <&8 >/dev/null', startsPrograms: false, isFed: true };
    const run = new LocalTransport({ argv }).start(script, nobody);
    run.feed(lines);
    await run.ended;
    expect(existsSync(at('canary'))).toBe(false);
  });

  it('replace a link instead of writing through it', async () => {
    writeFileSync(at('victim'), 'untouched');
    symlinkSync(at('victim'), at('name'));
    await change(put(at('name'), 'ours'));
    expect(readFileSync(at('victim'), 'utf8')).toBe('untouched');
    expect(lstatSync(at('name')).isFile()).toBe(true);
  });

  it('never go into a directory, nor through a link to one', async () => {
    await change({ do: 'make-directory', path: at('dir'), mode: '0755', ...rootOwned });
    symlinkSync(at('dir'), at('to-dir'));
    await expect(change(put(at('dir'), 'x'))).rejects.toMatchObject({ code: 'operation-failed' });
    await change({ do: 'make-link', path: at('to-dir'), target: 'elsewhere' });
    expect(readdirSync(at('dir'))).toEqual([]);
    await change(
      { do: 'remove', path: at('to-dir') },
      { do: 'remove', path: at('dir') },
      { do: 'remove', path: at('dir') },
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leave no temporary file when something fails, and stop there', async () => {
    const wrongOwner: Operation = { ...put(at('a'), 'x'), owner: 'no-such-user' } as Operation;
    await expect(change(wrongOwner, put(at('b'), 'y'))).rejects.toThrow(/no-such-user/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('do nothing when a guard no longer holds', async () => {
    writeFileSync(at('a'), 'theirs');
    const moved = await host.change({
      guards: [{ question: { ask: 'stat', path: at('a') }, expected: null }],
      operations: [put(at('a'), 'ours')],
      readBack: [],
    });
    expect(moved).toEqual({ is: 'moved' });
    expect(readFileSync(at('a'), 'utf8')).toBe('theirs');
  });

  it('give set-user-ID, set-group-ID and sticky bits, and take them', async () => {
    await change({ ...put(at('a'), 'x'), mode: '4755' } as Operation, {
      do: 'make-directory',
      path: at('d'),
      mode: '2775',
      owner: 'root',
      group: 'daemon',
    });
    expect((await host.ask({ ask: 'stat', path: at('a') }))?.mode).toBe('4755');
    expect((await host.ask({ ask: 'stat', path: at('d') }))?.mode).toBe('2775');
    await change({ do: 'set-attributes', path: at('d'), mode: '0755' });
    expect((await host.ask({ ask: 'stat', path: at('d') }))?.mode).toBe('0755');
  });

  it('end a running command when this process dies', async () => {
    const mark = `sleep 301.${process.pid}`;
    const program = `
      import { LocalTransport } from '${import.meta.dirname}/../../../src/connect/local/transport.ts';
      import { ShellWriter } from '${import.meta.dirname}/../../../src/connect/shell/host.ts';
      const host = new ShellWriter(new LocalTransport({ argv: ${JSON.stringify(argv)} }));
      await host.change({ guards: [], readBack: [], operations: [{ do: 'run', argv: ['sh', '-c', '${mark}; echo x'] }] });`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], { stdio: 'ignore' });
    await expect.poll(() => isRunning(mark)).toBe(true);
    child.kill('SIGKILL');
    await expect.poll(() => isRunning(mark)).toBe(false);
  });
});

describe('the local host', () => {
  it('lets a secret into no argument list, no environment but the command’s own, and no temporary file', async () => {
    const canary = 'canary-5b1e77a0-of-the-transport';
    const encoded = Buffer.from(canary).toString('base64').slice(0, 20);
    const seen = watchProcesses([canary, encoded]);
    const host = await openLocalHost();
    await host.change({
      guards: [],
      operations: [
        put(at('secret'), new Secret(canary)),
        { do: 'run', argv: ['sh', '-c', 'cat >/dev/null; sleep 0.3'], stdin: new Secret(canary) },
      ],
      readBack: [],
    });
    expect(await seen.stop()).toEqual([]);
    expect(readdirSync(folder)).toEqual(['secret']);
  });

  it('does not hand secrets of our own environment on', async () => {
    process.env.CAIRN_TEST_CANARY = 'canary-c2d94f-in-the-environment';
    new Secret(process.env.CAIRN_TEST_CANARY);
    const result = await (await openLocalHost()).ask({ ask: 'run', argv: ['env'] });
    delete process.env.CAIRN_TEST_CANARY;
    expect(result.stdout.includes('CAIRN_TEST_CANARY')).toBe(false);
    expect(result.stdout.includes('PATH=')).toBe(true);
  });

  it('does not hand on what became a secret after the shell of the next program was started', async () => {
    const host = await openLocalHost();
    process.env.CAIRN_TEST_CANARY = 'canary-77aa01-learnt-late';
    for (let round = 0; round < 3; round += 1) await host.ask({ ask: 'run', argv: ['true'] });
    new Secret(process.env.CAIRN_TEST_CANARY);
    const result = await host.ask({ ask: 'run', argv: ['env'] });
    delete process.env.CAIRN_TEST_CANARY;
    expect(result.stdout.includes('CAIRN_TEST_CANARY')).toBe(false);
    host.close();
  });

  it('keeps a shell for the next question, one for the next program where they follow each other, and none once it is closed', async () => {
    const children = (): readonly string[] =>
      readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean);
    const others = children();
    const host = await openLocalHost();
    const mine = (): readonly string[] => children().filter((pid) => !others.includes(pid));
    await host.ask({ ask: 'stat', path: folder });
    expect(mine().length).toBe(1);
    await host.ask({ ask: 'run', argv: ['true'] });
    await expect.poll(() => mine().length).toBe(1);
    await host.ask({ ask: 'run', argv: ['true'] });
    await expect.poll(() => mine().length).toBe(2);
    const own = mine();
    host.close();
    await expect.poll(() => children().filter((pid) => own.includes(pid))).toEqual([]);
  });

  it('keeps nothing of a script that is over, however long its shell lives', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const transport = new LocalTransport();
    const heard = async (): Promise<WeakRef<ShellSink>> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const sink: ShellSink = { stdout: () => resolve(), stderr: () => undefined };
      const run = transport.start({ text: 'echo over\n', startsPrograms: false }, sink);
      void run.ended.then(() => sink.stdout(Buffer.alloc(0)));
      await promise;
      run.release();
      return new WeakRef(sink);
    };
    const [first] = [await heard(), await heard()];
    await expect
      .poll(() => {
        collect();
        return first.deref();
      })
      .toBeUndefined();
    transport.close();
  });

  it('starts nothing of a script of which only a part arrived', async () => {
    const child = spawn('sh', { stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin.end(`(\ntouch ${at('begun')}\nsleep 0\n`);
    await new Promise((resolve) => child.once('close', resolve));
    expect(existsSync(at('begun'))).toBe(false);
  });
});

function watchProcesses(needles: readonly string[]): { stop(): Promise<readonly string[]> } {
  const found: string[] = [];
  let going = true;
  const look = async (): Promise<void> => {
    while (going) {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
        for (const file of ['cmdline', 'environ']) if (holds(`/proc/${pid}/${file}`, needles)) found.push(file);
      }
      await sleep(1);
    }
  };
  const looking = look();
  return {
    stop: async () => {
      going = false;
      await looking;
      return found;
    },
  };
}

function holds(path: string, needles: readonly string[]): boolean {
  try {
    const text = readFileSync(path, 'latin1');
    return needles.some((needle) => text.includes(needle));
  } catch {
    return false;
  }
}
