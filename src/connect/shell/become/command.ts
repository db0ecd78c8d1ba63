import type { Become } from '../../../model/project.ts';
import { quote, quoteAll } from '../quote.ts';

type Argv = readonly [string, ...string[]];

/** What tells the two moments apart that matter: somebody asks for a password, the shell is there. Unguessable. */
export interface Marks {
  readonly prompt: string;
  readonly entered: string;
}

/**
 * A command that becomes another user and starts a shell, which first prints the mark. No password is among its words;
 * a way that can't ask gets none asked for. Any login shell may start it, quoted: it names `sh` itself.
 * @param shell the POSIX sh to start
 */
export function becomeArgv({ method, user, password }: Become, marks: Marks, shell: Argv): Argv {
  // What these programs print is understood in English alone, and what runs later has its own language.
  // Without sudo's secure_path the way to what only root needs is missing: `useradd` lies in /usr/sbin.
  const inner = `PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; export PATH; printf '%s\\n' ${quote(marks.entered)}; unset LC_ALL; exec ${quoteAll(shell)}`;
  const started = ['sh', '-c', inner] as const;
  switch (method) {
    case 'sudo': {
      const how = password ? ['-S', '-p', marks.prompt] : ['-n'];
      return ['env', 'LC_ALL=C', 'sudo', '-H', ...how, '-u', user, '--', ...started];
    }
    case 'su':
      return ['env', 'LC_ALL=C', 'su', '-s', '/bin/sh', '-c', inner, user];
    case 'doas': {
      const silent = ['env', 'LC_ALL=C', 'doas', '-n', '-u', user, ...started] as const;
      return password ? ['sh', '-c', askedByTerminal(user, silent, started)] : silent;
    }
  }
}

/** True where a piece of output asks for a password. */
export function isPrompt({ method }: Become, { prompt }: Marks, said: string): boolean {
  return method === 'sudo' ? said.includes(prompt) : /password[^\n]*: ?$/i.test(said);
}

// In one line, which csh can take, too. doas takes a password from its terminal alone. It gets one of its own for that, and the shell keeps our streams.
function askedByTerminal(user: string, silent: Argv, started: Argv): string {
  const asking = `exec env LC_ALL=C doas -u ${quote(user)} ${quoteAll(started)} <&3 >&4 2>&5`;
  return [
    `if doas -n -u ${quote(user)} sh -c : 2>/dev/null; then exec ${quoteAll(silent)}; fi;`,
    'exec 3<&0 4>&1 5>&2;',
    '{ IFS= read -r line <&3; printf \'%s\\n\' "$line"; } |',
    `SHELL=/bin/sh script -qec ${quote(asking)} /dev/null >&5 2>&1`,
  ].join(' ');
}
