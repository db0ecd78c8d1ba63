import { action, CairnError, problem, type Secret } from '@cairnhq/cairn';
import type { Outside } from '../gateway/authority.ts';
import { ask, askResult, claim, isServed, passwordIn, rootLogin, type Vars } from './api.ts';
import { names } from './index.ts';

interface Login {
  readonly user: string;
  readonly password: Secret | string;
}

/** What can be seen of a user: whether the password is the one that the Secret holds. */
interface User {
  readonly password: 'accepted' | 'refused';
}

/** The user who may upload. A changed password is set without knowing the old one. */
export function adminUser(vars: Vars) {
  const path = `/${vars.devpi.adminUser}`;
  return action<User>(
    {
      id: `devpi-user-${vars.devpi.adminUser}`,
      want: { password: 'accepted' },
      async read(world) {
        if (!(await isServed(vars, world)) || (await askResult(vars, world, path)) === null) return null;
        return { password: (await isAccepted(vars, world, await adminLogin(vars, world))) ? 'accepted' : 'refused' };
      },
      async run(world, { state }) {
        await askResult(vars, world, path, {
          method: state === null ? 'PUT' : 'PATCH',
          basic: await rootLogin(vars, world),
          json: { password: await passwordIn(names.admin, vars, world) },
        });
      },
      async undo(world, before) {
        if (before === null)
          await askResult(vars, world, path, { method: 'DELETE', basic: await rootLogin(vars, world) });
        else world.progress('the password stays: what it was before is known to nobody');
      },
    },
    { inside: claim(vars) },
  );
}

/** The login of the user who may upload. */
export async function adminLogin(vars: Vars, outside: Pick<Outside, 'kube'>): Promise<Login> {
  return { user: vars.devpi.adminUser, password: await passwordIn(names.admin, vars, outside) };
}

/** True when the server takes a user's password. */
export async function isAccepted(vars: Vars, outside: Outside, login: Login): Promise<boolean> {
  const { status } = await ask(vars, outside, '/+login', { method: 'POST', json: login });
  if (status === 200 || status === 401) return status === 200;
  throw new CairnError(problem('devpi-refused', `POST https://${vars.devpi.apiHost}/+login → ${status}`));
}
