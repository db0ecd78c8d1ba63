import { CairnError, problem } from '../model/diagnostic.ts';
import type { Become, HostTarget } from '../model/project.ts';
import { Secret } from '../model/secret.ts';
import { askHidden, canAsk, type Terminal } from './ask.ts';

/**
 * The password for becoming another user on hosts whose inventory gives none: asked for once, when somebody wants to be
 * asked, or when this machine wants one. Undefined where nobody needs any.
 * @throws CairnError `needs-terminal` when nobody can be asked who should be
 */
export async function becomePasswordFor(
  terminal: Terminal,
  hosts: readonly HostTarget[],
  { askBecomePassword = false }: { readonly askBecomePassword?: boolean },
): Promise<Secret | undefined> {
  const wanting = hosts.filter(({ become }) => become && !become.password);
  const [first] = wanting;
  if (!first?.become) return undefined;
  if (askBecomePassword)
    return ask(terminal, first.become, wanting.length === 1 ? first.name : `${wanting.length} hosts`);
  if (!canAsk(terminal)) return undefined;
  const here = wanting.find(({ connection }) => connection === 'local');
  return here?.become && (await wantsPassword(here.become)) ? ask(terminal, here.become, here.name) : undefined;
}

async function wantsPassword(become: NonNullable<HostTarget['become']>): Promise<boolean> {
  const { openLocalHost } = await import('../connect/local/host.ts');
  try {
    await openLocalHost(become);
    return false;
  } catch (error) {
    return error instanceof CairnError && error.code === 'become-needs-password';
  }
}

async function ask(terminal: Terminal, { method, user }: Become, where: string): Promise<Secret | undefined> {
  if (!canAsk(terminal)) {
    throw new CairnError(
      problem('needs-terminal', 'nobody can be asked for a password here', {
        help: 'give it in the inventory: ansible_become_password: !secret env:NAME',
      }),
    );
  }
  const typed = await askHidden(terminal, `Password for ${method}, to become ${user} on ${where}: `);
  return typed === '' ? undefined : new Secret(typed);
}
