import { CairnError, type Checks, type Probes, problem, Secret } from '@cairnhq/cairn';
import { authority } from '../gateway/authority.ts';
import { sessionKey } from '../oauth2_proxy/session.ts';
import { holds } from '../redis/ephemeral_redis/checks.ts';
import { type Guest, guest } from '../sso/guest.ts';
import { issuerOf } from '../sso/index.ts';
import type { Vars } from './dashboard.ts';
import { devpi, names } from './index.ts';

type Context = { readonly vars: Vars; readonly folder: string } & Checks & Probes;
type Stage = 'look' | 'enter' | 'leave';

// Chromium, on two cores that have other things to do, too.
const patience = 120;

/** A visit to the dashboard with a real browser of the host, where it has one: from the login to the sign-out. */
export async function browserJourney({ vars, folder, check, scratch, host, kube }: Context): Promise<void> {
  const argv = (stage: Stage) => ['node', devpi.file('browser.mjs'), stage, ...placesOf(vars, folder)] as const;
  const { status } = await host.run({ argv: argv('look') });
  if (status !== 0) {
    await check('no browser goes the way: this host has no Chromium, or no playwright-core for it', async () => {});
    return;
  }
  const ca = await authority(vars.gateway, { kube });
  const go = async (stage: Stage, who: Guest): Promise<string> => {
    const stdin = new Secret(JSON.stringify({ ...(ca === undefined ? {} : { ca }), ...who }));
    const { status, stdout, stderr } = await host.run({ argv: argv(stage), stdin, timeout: patience });
    if (status === 0) return stdout.trim();
    throw new CairnError(problem('browser', stderr.trim() || `the browser ended with ${status}`));
  };
  const redis = { namespace: vars.devpi.namespace, name: names.redis };
  const { who, account } = guest(vars.sso, 'member');
  await scratch(
    'a browser is sent to the login, sees devpi with the right password alone, and signs out',
    { account },
    async () => {
      const session = sessionKey(await go('enter', who));
      if (!(await holds(redis, kube, session))) throw new Error('Redis does not know the session of the browser');
      await go('leave', who);
      if (await holds(redis, kube, session)) throw new Error('Redis still knows the session after the sign-out');
    },
  );
}

function placesOf({ devpi, sso }: Vars, folder: string): readonly string[] {
  return [folder, `https://${devpi.dashboardHost}/`, `${issuerOf(sso)}/protocol/openid-connect/auth`];
}
