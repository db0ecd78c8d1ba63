import { CairnError, devpi as contents, k8s, problem, restore, step, T } from '@cairnhq/cairn';
import { ask, askResult, claim, isAccepted, passwordIn, served, serverOf } from '../../roles/devpi/api.ts';
import { devpi, names } from '../../roles/devpi/index.ts';
import { mirror, packages, stage } from '../../roles/devpi/package-index.ts';
import { gateway } from '../../roles/gateway/index.ts';

export default step({
  summary: 'The user who may upload, and the index of our packages upon the public one',
  on: 'cluster',
  vars: T.Object({ devpi: devpi.vars, gateway: gateway.vars }),

  resources({ vars }) {
    const { namespace, publicIndex: origin, adminUser: name } = vars.devpi;
    const secret = (name: string) => k8s.existing.secret({ namespace, name, keys: ['password'] });
    const before = { root: secret(names.root), admin: secret(names.admin), served: served(vars) };
    const { password } = before.admin.out.data;
    const user = contents.user({ server: serverOf(vars), name, password }, { inside: claim(vars) });
    if (origin === '') return { ...before, user, packages: packages(vars, [user]) };
    const publicIndex = mirror(vars);
    return { ...before, user, publicIndex, packages: packages(vars, [user, publicIndex]) };
  },

  async verify({ vars, check, http, kube }) {
    const outside = { http, kube };
    const { namespace, apiHost, index, adminUser: user } = vars.devpi;

    await check('the index answers pip without a login', async () => {
      const simple = `/${index}/+simple/`;
      const { status, body } = await ask(vars, outside, simple, { headers: { accept: 'text/html' } });
      if (status !== 200 || !body.includes('simple list'))
        throw new Error(`GET https://${apiHost}${simple} → ${status}, expected 200 and a list of packages`);
    });

    await check('the index stands on the right bases, and only its users may upload', async () => {
      const found = (await askResult(vars, outside, `/${index}?no_projects=`)) ?? {};
      for (const [key, wanted] of Object.entries(stage(vars))) {
        const got = JSON.stringify(found[key]);
        if (got !== JSON.stringify(wanted)) throw new Error(`${key} is ${got}, expected ${JSON.stringify(wanted)}`);
      }
    });

    await check(`${user} logs in with the right password`, async () => {
      if (!(await isAccepted(vars, outside, { user, password: await passwordIn(names.admin, vars, outside) })))
        throw new Error(`the password in Secret ${namespace}/${names.admin} is refused`);
    });

    await check("devpi's root has the password that Cairn knows", async () => {
      const password = await passwordIn(names.root, vars, outside);
      if (await isAccepted(vars, outside, { user: 'root', password })) return;
      const said = `the password in Secret ${namespace}/${names.root} is refused`;
      throw new CairnError(problem('devpi-root', said, { help: forgetRoot(namespace) }));
    });

    await check('a wrong password and an anonymous upload are refused', async () => {
      if (await isAccepted(vars, outside, { user, password: 'not-the-password' }))
        throw new Error('a wrong password was accepted');
      const { status } = await ask(vars, outside, `/${index}/`, { method: 'POST', body: ':action=file_upload' });
      if (status !== 401 && status !== 403)
        throw new Error(`POST https://${apiHost}/${index}/ without a login → ${status}, expected 401 or 403`);
    });
  },

  undo: restore,
});

// A server that doesn't remember whose password root has takes it from the Secret at its start.
function forgetRoot(namespace: string): string {
  const kubectl = `kubectl -n ${namespace}`;
  return [
    'it was changed by hand; give it back its own:',
    `${kubectl} exec deployment/${names.server} -- rm /data/server/.root`,
    `${kubectl} rollout restart deployment/${names.server}`,
  ].join('\n');
}
