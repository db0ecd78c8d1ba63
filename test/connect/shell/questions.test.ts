import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LocalTransport } from '../../../src/connect/local/transport.ts';
import { ShellReader, ShellWriter } from '../../../src/connect/shell/host.ts';
import type { ShellScript, ShellSink, ShellTransport } from '../../../src/connect/shell/transport.ts';
import { Secret } from '../../../src/model/secret.ts';
import { shells } from './shells.ts';

const nobody = 65534;
const odd = 'it\'s $HOME `id` \n\t"odd" \u00e9\ud83d\ude80 -n *';

let folder: string;

// Files of other owners, other users' eyes.
beforeEach(({ skip }) => skip(process.getuid?.() !== 0, 'needs root'));

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-questions-'));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'closed', 'in'), { recursive: true });
  chmodSync(join(folder, 'closed'), 0o700);
  mkdirSync(join(folder, 'full'));
  for (const name of ['a', '.hidden', '..twice', odd]) writeFileSync(join(folder, 'full', name), name);
  writeFileSync(join(folder, 'secret'), 'x', { mode: 0o600 });
  writeFileSync(join(folder, odd), odd, { mode: 0o644 });
  symlinkSync(`${odd}\nend`, join(folder, 'link'));
  symlinkSync('loop', join(folder, 'loop'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(shells.map((argv) => [argv.join(' '), argv] as const))('questions in %s', (_, argv) => {
  const host = new ShellWriter(new LocalTransport({ argv }));
  const at = (name: string): string => `${folder}/${name}`;

  it('tell files, directories, links, others and nothing apart', async () => {
    const names = [odd, 'full', 'link', 'pipe', 'nothing', 'nothing/below'];
    const states = await Promise.all(names.map(async (name) => await host.ask({ ask: 'stat', path: at(name) })));
    expect(states.map((state) => state?.kind)).toEqual(['file', 'directory', 'link', 'other', undefined, undefined]);
    expect(states[0]).toEqual({
      kind: 'file',
      mode: '0644',
      owner: 'root',
      group: 'root',
      size: Buffer.byteLength(odd),
    });
    expect(states[2]?.target).toBe(`${odd}\nend`);
  });

  it('let a check see the whole file, and put it in place only when that succeeds', async () => {
    const path = at("checked 'it");
    const put = { do: 'put-file', path, mode: '0640', owner: 'root', group: 'root' } as const;
    const validate = ['grep', '-q', 'good', '%s'] as const;
    const change = async (content: string) =>
      await host.change({ guards: [], operations: [{ ...put, content, validate }], readBack: [] });
    await change('a good one\n');
    await expect(change('a bad one\n')).rejects.toThrow(`the new content of ${path} was refused by its check`);
    const content = await host.ask({ ask: 'content', path });
    expect(Buffer.from(content ?? []).toString()).toBe('a good one\n');
    const names = await host.ask({ ask: 'list', path: folder });
    expect(names?.filter((name) => name.startsWith('.cairn'))).toEqual([]);
    await host.change({ guards: [], operations: [{ do: 'remove', path }], readBack: [] });
  });

  it('give content and sums of files, and null for everything else', async () => {
    const names = [odd, 'full', 'link', 'pipe', 'nothing'];
    const contents = await Promise.all(names.map(async (name) => await host.ask({ ask: 'content', path: at(name) })));
    expect(contents.map((bytes) => bytes && Buffer.from(bytes).toString())).toEqual([odd, null, null, null, null]);
    const sums = await Promise.all(names.map(async (name) => await host.ask({ ask: 'sha256', path: at(name) })));
    expect(sums.map((sum) => sum?.length)).toEqual([64, undefined, undefined, undefined, undefined]);
  });

  it('give pieces of a file, and null of what is none', async () => {
    const path = at('pieces');
    const bytes = Buffer.from(Array.from({ length: 3000 }, (_, at) => at % 256));
    writeFileSync(path, bytes);
    const asked = [0, 1000, 2500, 3000].map(async (from) => await host.ask({ ask: 'piece', path, from, bytes: 1000 }));
    const pieces = (await Promise.all(asked)).map((piece) => Buffer.from(piece ?? []));
    expect(pieces).toEqual([
      bytes.subarray(0, 1000),
      bytes.subarray(1000, 2000),
      bytes.subarray(2500),
      Buffer.alloc(0),
    ]);
    for (const name of ['full', 'link', 'nothing'])
      expect(await host.ask({ ask: 'piece', path: at(name), from: 0, bytes: 1 })).toBe(null);
  });

  it('keep to a limit of bytes', async () => {
    const path = at('full/a');
    const given = [0, 1, 2].map(async (limit) => await host.ask({ ask: 'content', path, limit }));
    expect((await Promise.all(given)).map((bytes) => bytes?.length)).toEqual([undefined, 1, 1]);
  });

  it.each([
    ['files of all sorts', [odd, 'full', 'link', 'pipe', 'nothing', 'nothing/below', 'full/a', 'full/.hidden', 'loop']],
    [
      'what can not be told, or has another size than it says',
      ['full/a', 'full/a/below', '../proc/version', 'nothing'],
    ],
  ])('look at many paths at once as at each alone: %s', async (__, names) => {
    const look = async (path: string): Promise<readonly unknown[]> => {
      const asked = [host.ask({ ask: 'stat', path }), host.ask({ ask: 'content', path, limit: 200 })] as const;
      const [state, content] = await Promise.allSettled(asked);
      const bytes =
        content.status === 'fulfilled' ? content.value && Buffer.from(content.value).toString() : content.reason;
      return [state, bytes];
    };
    const paths = names.map((name) => (name.startsWith('../') ? name.slice(2) : at(name)));
    const together = await Promise.all(paths.map(look));
    for (const [i, path] of paths.entries()) expect([path, together[i]]).toEqual([path, await look(path)]);
  });

  it('list every name, sorted', async () => {
    expect(await host.ask({ ask: 'list', path: at('full') })).toEqual(['..twice', '.hidden', 'a', odd].sort());
    expect(await host.ask({ ask: 'list', path: at('nothing') })).toBeNull();
  });

  it('never take what they may not look at for absent', async () => {
    const other = new ShellReader(new LocalTransport({ argv, uid: nobody, gid: nobody }));
    const asked = await Promise.allSettled([
      other.ask({ ask: 'stat', path: at('closed/in') }),
      other.ask({ ask: 'stat', path: at('closed/nothing') }),
      other.ask({ ask: 'content', path: at('secret') }),
      other.ask({ ask: 'sha256', path: at('secret') }),
      other.ask({ ask: 'list', path: at('closed') }),
      other.ask({ ask: 'stat', path: at('loop/x') }),
      other.ask({ ask: 'stat', path: at('full/a/below') }),
      other.ask({ ask: 'stat', path: at('nothing') }),
    ]);
    const said = asked.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as { code: string }).code));
    expect(said).toEqual([...Array(7).fill('unreadable'), null]);
  });

  it('give a program its words, input, environment and folder, and its status back', async () => {
    const script = 'printf "%s|" "$1" "$SPECIAL" "$PWD"; cat; echo oops >&2; exit 9';
    const result = await host.ask({
      ask: 'run',
      argv: ['sh', '-c', script, 'sh', odd],
      env: { SPECIAL: new Secret(odd) },
      stdin: 'in\0put',
      cwd: folder,
    });
    expect(result).toEqual({ status: 9, stdout: `${odd}|${odd}|${folder}|in\0put`, stderr: 'oops\n', timedOut: false });
  });

  it('run as another user', async () => {
    const result = await host.ask({ ask: 'run', argv: ['id', '-un'], user: 'nobody' });
    expect(result).toMatchObject({ status: 0, stdout: 'nobody\n' });
  });
});

describe('a batch', () => {
  const counting = (): { transport: ShellTransport; scripts: string[] } => {
    const scripts: string[] = [];
    const real = new LocalTransport();
    return {
      scripts,
      transport: {
        start: (script, sink) => {
          scripts.push(script.text);
          return real.start(script, sink);
        },
      },
    };
  };

  it('is one script for all questions of a tick, and asks the same thing once', async () => {
    const { transport, scripts } = counting();
    const host = new ShellReader(transport);
    const paths = ['/etc/passwd', '/etc/group', '/etc/passwd'];
    await Promise.all(paths.map(async (path) => await host.ask({ ask: 'stat', path })));
    expect(scripts).toHaveLength(1);
    expect(scripts[0]?.match(/'\/etc\/passwd'/g)).toHaveLength(1);
  });

  it('is one script for guards, operations and read-back', async () => {
    const { transport, scripts } = counting();
    const host = new ShellWriter(transport);
    const path = `${folder}/one-trip`;
    const written = await host.change({
      guards: [{ question: { ask: 'stat', path }, expected: null }],
      operations: [{ do: 'put-file', path, content: 'x', mode: '0644', owner: 'root', group: 'root' }],
      readBack: [{ ask: 'content', path }],
    });
    expect(scripts).toHaveLength(1);
    expect(written).toMatchObject({ is: 'written', answers: [Buffer.from('x')] });
  });

  it('of nothing is no script at all', async () => {
    const { transport, scripts } = counting();
    const written = await new ShellWriter(transport).change({ guards: [], operations: [], readBack: [] });
    expect([written, scripts]).toEqual([{ is: 'written', answers: [] }, []]);
  });

  it('answers the other questions when one is put wrongly', async () => {
    const host = new ShellReader(new LocalTransport());
    const asked = await Promise.allSettled([
      host.ask({ ask: 'stat', path: 'relative' }),
      host.ask({ ask: 'stat', path: '/etc/../etc' }),
      host.ask({ ask: 'stat', path: '/etc' }),
    ]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  it('gives no answer when the shell is gone', async () => {
    const host = new ShellReader(new LocalTransport({ argv: ['/no/such/shell'] }));
    await expect(host.ask({ ask: 'stat', path: '/etc' })).rejects.toMatchObject({ code: 'connection-lost' });
  });

  it('ends a program and its children when their time is over, and answers the rest', async () => {
    const host = new ShellReader(new LocalTransport());
    const nap = `sleep 300.${process.pid}`;
    const stubborn = `trap '' TERM; (${nap} & wait) & ${nap} & wait; wait`;
    const [slow, quick] = await Promise.all([
      host.ask({ ask: 'run', argv: ['sh', '-c', stubborn], timeout: 1 }),
      host.ask({ ask: 'stat', path: '/etc' }),
    ]);
    expect(slow.timedOut).toBe(true);
    expect(quick?.kind).toBe('directory');
    expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(nap)).toBe(false);
  });

  it('goes on without a question that the host never answers, and is unreadable there', async () => {
    const real = new LocalTransport();
    const limitless = { start: (script: ShellScript, sink: ShellSink) => real.start(withoutLimits(script), sink) };
    const host = new ShellReader(limitless);
    const asked = await Promise.allSettled([
      host.ask({ ask: 'stat', path: '/etc' }),
      host.ask({ ask: 'run', argv: ['sleep', '300'], timeout: 0.1 }),
      host.ask({ ask: 'stat', path: '/usr' }),
    ]);
    expect(asked.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(asked[1]).toMatchObject({
      reason: { code: 'unreadable', message: 'could not run sleep: no answer in time' },
    });
  });

  it('is not disturbed by what a program left running', async () => {
    const host = new ShellReader(new LocalTransport());
    const chatter = '(while sleep 0.01; do echo noise; echo noise >&2; done) & exit 0';
    await host.ask({ ask: 'run', argv: ['timeout', '3', 'sh', '-c', chatter], timeout: 10 });
    const files = await Promise.all(
      Array.from({ length: 40 }, async () => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 300));
        return await host.ask({ ask: 'content', path: '/etc/os-release' });
      }),
    );
    expect(new Set(files.map((bytes) => Buffer.from(bytes ?? []).toString())).size).toBe(1);
  });
});

function withoutLimits(script: ShellScript): ShellScript {
  return { ...script, text: script.text.replaceAll(/timeout -k \d+ \d+ /g, '') };
}
