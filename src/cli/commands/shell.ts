import { spawnSync } from 'node:child_process';
import { CairnError, type Diagnostic, diagnosticsOf, problem } from '../../model/diagnostic.ts';
import type { HostTarget, PodWay } from '../../model/project.ts';
import { hostsMeant } from '../../project/inventory/hosts-meant.ts';
import { findRoot } from '../../project/project-file.ts';
import { whyLines } from '../../report/views/hosts-view.ts';
import type { ShellCommand } from '../args/command.ts';
import type { Terminal } from '../ask.ts';
import { reportFor } from '../session.ts';

/** What `ssh` ends with when the connection fails or breaks: no shell's own status should look like that. */
const noConnection = 255;

/** `cairn shell`: takes a person to a host. @returns what the shell there ended with */
export async function shell(command: ShellCommand, terminal: Terminal): Promise<number> {
  const { stdin, stdout, cwd, env } = terminal;
  if (!stdin.isTTY || !stdout.isTTY) {
    throw new CairnError(
      problem('needs-terminal', 'cairn shell needs a terminal to type at', {
        help: `to run something without one:  cairn exec ${command.pattern} -- COMMAND`,
      }),
    );
  }
  const inventory = command.inventory === undefined ? {} : { inventory: command.inventory };
  const { hosts } = await hostsMeant(command.pattern, { root: findRoot(cwd), env, ...inventory });
  const target = theOne(hosts, command.pattern);
  try {
    if (target.connection === 'local') return await (await import('../../connect/local/login.ts')).loginHere();
    if (target.pod) throw new CairnError(noLogin(target.pod));
    return await loginThere(target, command, terminal);
  } catch (error) {
    const report = reportFor(terminal, command);
    for (const line of whyLines({ host: target.name, is: 'failed', why: diagnosticsOf(error) })) report.warn(line);
    await report.close();
    return noConnection;
  }
}

function noLogin({ cluster, namespace, name, container }: PodWay): Diagnostic {
  const where = ['--kubeconfig', cluster.kubeconfig, '--context', cluster.context, '-n', namespace, name];
  return problem('no-login', `${namespace}/${name} is a pod: cairn shell is for hosts by SSH and this machine`, {
    help: `kubectl exec -it ${[...where, ...(container === undefined ? [] : ['-c', container])].join(' ')} -- sh`,
  });
}

function theOne(hosts: readonly HostTarget[], pattern: string): HostTarget {
  const [first, ...others] = hosts;
  if (first && others.length === 0) return first;
  const names = hosts.slice(0, 5).map(({ name }) => name);
  throw new CairnError(
    problem('not-one-host', `"${pattern}" means ${hosts.length} hosts, and a shell is on one`, {
      help: `name one of them: ${names.join(', ')}${hosts.length > names.length ? ', …' : ''}`,
    }),
  );
}

async function loginThere(target: HostTarget, command: ShellCommand, terminal: Terminal): Promise<number> {
  const { openLogin } = await import('../../connect/ssh/login.ts');
  const { stdin, stdout, env } = terminal;
  const size = (): { readonly columns: number; readonly rows: number } => ({
    columns: stdout.columns || 80,
    rows: stdout.rows || 24,
  });
  const login = await openLogin(
    target,
    { term: env.TERM || 'dumb', ...size() },
    { acceptNew: command.acceptNewHostKeys ?? false },
  );
  const resize = (): void => login.resize(size());
  stdout.on('resize', resize);
  stdin.setRawMode(true);
  // Node's raw mode still makes two of each line feed, and programs there use it alone to go down.
  spawnSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] });
  stdin.pipe(login.stream);
  login.stream.pipe(stdout, { end: false });
  try {
    return await login.ended;
  } finally {
    stdout.off('resize', resize);
    stdin.unpipe(login.stream);
    stdin.setRawMode(false);
    stdin.pause();
    login.close();
  }
}
