import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSshHost } from '../../../src/connect/ssh/open.ts';
import { Secret } from '../../../src/model/secret.ts';
import { hasProgram, makeShellFolder, pathThrough } from '../../rig/shell-folder.ts';
import { startSshd, whyNoSshd } from '../../rig/sshd.ts';

const why = whyNoSshd();
const odd = 'it\'s $HOME `id` \\n "odd" \u00e9!# -n *';

function settingsFor(shell: string): readonly string[] {
  const folder = makeShellFolder(shell);
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return [pathThrough(folder)];
}

const asSh = ['dash', 'bash', 'busybox'].map((shell) => [`${shell} as sh`, shell, () => settingsFor(shell)] as const);
// What sshd does with the login shell of a user, for the shell that is asked for.
const asLogin = ['fish', 'tcsh', 'bash'].map(
  (shell) =>
    [`${shell} as login shell`, shell, () => [`ForceCommand exec ${shell} -c "$SSH_ORIGINAL_COMMAND"`]] as const,
);

describe.skipIf(why !== null)(why ?? 'a host', () => {
  it.for([...asSh, ...asLogin])(
    'with %s is read, changed and runs programs',
    async ([how, shell, settings], { skip }) => {
      if (!hasProgram(shell)) skip(`${shell} is not installed`);
      const sshd = await startSshd(settings());
      onTestFinished(() => sshd.stop());
      const { writer, close } = await openSshHost(sshd.target, { acceptNew: false }, sshd.home);
      onTestFinished(() => close());
      const path = join(sshd.folder, `a file ${shell}`);
      const put = { do: 'put-file', path, content: odd, mode: '0640', owner: 'root', group: 'root' } as const;
      const absent = { question: { ask: 'stat', path }, expected: null } as const;
      const sum = { ask: 'sha256', path } as const;
      expect(await writer.change({ guards: [absent], operations: [put], readBack: [sum] })).toMatchObject({
        is: 'written',
        answers: [expect.stringMatching(/^[0-9a-f]{64}$/)],
      });
      expect(readFileSync(path, 'utf8')).toBe(odd);
      expect(await writer.change({ guards: [absent], operations: [put], readBack: [] })).toEqual({ is: 'moved' });
      const run = { ask: 'run', argv: ['sh', '-c', 'cat; printf %s "$1$TOKEN"', 'sh', odd] } as const;
      const [facts, ran, time, names] = await Promise.all([
        writer.ask({ ask: 'facts' }),
        writer.ask({ ...run, stdin: odd, env: { TOKEN: new Secret('a token') } }),
        writer.ask({ ask: 'changed', path }),
        writer.ask({ ask: 'list', path: sshd.folder }),
      ]);
      const { stdout: sh } = await writer.ask({ ask: 'run', argv: ['sh', '-c', 'readlink /proc/$$/exe; :'] });
      if (how.endsWith('as sh')) expect(sh).toContain(shell);
      expect(facts.arch).not.toBe('');
      expect(ran).toMatchObject({ status: 0, stdout: `${odd}${odd}a token`, stderr: '' });
      expect(Math.abs((time ?? 0) / 1000 - Date.now())).toBeLessThan(60_000);
      expect(names).toContain(`a file ${shell}`);
    },
  );
});
