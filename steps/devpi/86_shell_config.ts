import { host, restore, step, T } from '@cairnhq/cairn';
import { passwordIn } from '../../roles/devpi/api.ts';
import { placesOf } from '../../roles/devpi/cli.ts';
import { cliJourney } from '../../roles/devpi/cli-journey.ts';
import { devpi, names } from '../../roles/devpi/index.ts';
import { shellConfig, shellsOf } from '../../roles/devpi/shell.ts';
import { userOfHost } from '../../roles/devpi/user-of-host.ts';
import { gateway } from '../../roles/gateway/index.ts';

export default step({
  summary: "The scripts by their names, in the shells of the host's user",
  on: 'hosts',
  vars: T.Object({ devpi: devpi.vars, gateway: gateway.vars }),

  resources({ vars }) {
    if (vars.devpi.cliUser === '') return {};
    const { fits, account, own, shell } = userOfHost(vars.devpi);
    const folder = host.directory.existing({ path: placesOf(vars.devpi).scripts });
    return { fits, account, folder, ...shellConfig(vars.devpi, own, shell) };
  },

  async verify({ vars, check, host, kube, http }) {
    if (vars.devpi.cliUser === '') return;
    const password = await passwordIn(names.admin, vars, { kube });
    for (const shell of await shellsOf(vars.devpi, host)) {
      const { go, leave } = await cliJourney(vars, { host, kube, http }, shell);
      try {
        await go('begin');
        await check(`a fresh ${shell} knows the helpers: the uploader logs in`, () => go('login', password));
        await check(`a package goes up and comes back by ${shell}`, async () => {
          await go('use');
          await go('upload');
          await go('install');
        });
      } finally {
        await check(`nothing is left behind by ${shell}`, () => leave(password));
      }
    }
  },

  undo: restore,
});
