import { type Probes, Secret } from '@cairnhq/cairn';
import type { Outside } from '../gateway/authority.ts';
import { names } from './index.ts';
import { toKeycloak, type Vars } from './outside.ts';

interface Pod {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly phase?: string };
}

/** The status of two logins of the administrator: with the password that its Secret holds, and with a wrong one. */
export async function adminLogin(vars: Vars, outside: Outside): Promise<readonly [number, number]> {
  const { namespace, url } = vars.sso;
  const found = await outside.kube.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: names.admin });
  const { password = '' } = (found?.data ?? {}) as { readonly password?: string };
  const send = await toKeycloak(vars, outside);
  const login = async (secret: string): Promise<number> => {
    const form = { grant_type: 'password', client_id: 'admin-cli', username: 'admin', password: secret };
    const { status } = await send(`${url}/realms/master/protocol/openid-connect/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new Secret(new URLSearchParams(form).toString()),
    });
    return status;
  };
  return [await login(Buffer.from(password, 'base64').toString()), await login('not-the-password')];
}

/** What Keycloak says of its realm `master` to one of its own pods, which asks for it by its name outside. */
export async function insideAnswer(
  { namespace, url }: Vars['sso'],
  kube: Probes['kube'],
  ca: string | undefined,
): Promise<string> {
  const labelSelector = `app.kubernetes.io/name=${names.server}`;
  const pods = (await kube.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector })) as readonly Pod[];
  const running = pods.find(({ status }) => status?.phase === 'Running');
  if (!running) throw new Error(`no pod with ${labelSelector} runs in namespace ${namespace}`);
  const asked = `${url}/realms/master/.well-known/openid-configuration`;
  // curl takes every name that ends so for this machine's own: it is told what the pod's resolver says
  const script = `address=$(getent ahostsv4 "$1" | sed "s/ .*//;q"); host=$1; shift; exec curl --resolve "$host:443:$address" "$@"`;
  const trust = ca === undefined ? [] : ['--cacert', '/dev/stdin'];
  const words = ['--silent', '--show-error', '--fail', '--max-time', '20', ...trust, asked];
  const argv = ['sh', '-c', script, 'ask', new URL(url).hostname, ...words];
  const { stdout, stderr } = await kube.exec(
    { namespace, name: running.metadata.name, within: 30_000 },
    argv,
    ca ?? '',
  );
  return stdout || stderr;
}
