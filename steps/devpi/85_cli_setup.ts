import { host, restore, step, T } from '@cairnhq/cairn';
import { passwordIn } from '../../roles/devpi/api.ts';
import { clientEnvironment, pipSettings, scriptFiles } from '../../roles/devpi/cli.ts';
import { cliJourney } from '../../roles/devpi/cli-journey.ts';
import { devpi, names } from '../../roles/devpi/index.ts';
import { userOfHost } from '../../roles/devpi/user-of-host.ts';
import { gateway } from '../../roles/gateway/index.ts';

export default step({
  summary: "The devpi client, scripts around it, and pip's settings, for a user of the host",
  on: 'hosts',
  vars: T.Object({ devpi: devpi.vars, gateway: gateway.vars }),

  resources({ vars }) {
    if (vars.devpi.cliUser === '') return {};
    const { fits, account, own } = userOfHost(vars.devpi);
    return {
      fits,
      account,
      venv: host.package({ name: 'python3-venv' }).keep('installed packages stay'),
      ...pipSettings(vars.devpi, own),
      ...scriptFiles(vars.devpi, own),
      client: clientEnvironment(vars.devpi),
    };
  },

  async verify({ vars, check, host, kube, http }) {
    if (vars.devpi.cliUser === '') return;
    const password = await passwordIn(names.admin, vars, { kube });
    const { scripts, go, leave } = await cliJourney(vars, { host, kube, http });
    try {
      await go('begin');
      await check(`${scripts}: the uploader logs in`, () => go('login', password));
      await check('a package is uploaded', () => go('upload'));
      await check('it is installed from the API host', () => go('install'));
      if (vars.devpi.publicIndex !== '') await check('pip finds it by its own settings', () => go('pip'));
      await check('it is copied into a backup', () => go('backup'));
      await check('a wrong password is refused', () => go('refused'));
    } finally {
      await check('nothing is left behind', () => leave(password));
    }
  },

  undo: restore,
});
