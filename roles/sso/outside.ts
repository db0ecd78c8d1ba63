import { createHash, randomBytes } from 'node:crypto';
import type { HttpResponse, VarsOf } from '@cairnhq/cairn';
import { authority, type Outside } from '../gateway/authority.ts';
import type { gateway } from '../gateway/index.ts';
import { issuerOf, type sso } from './index.ts';
import type { Send } from './visitor.ts';

/** What it takes to speak with the realm from outside. */
export interface Vars {
  readonly sso: VarsOf<typeof sso>;
  readonly gateway: Pick<VarsOf<typeof gateway>, 'namespace'>;
}

/** Sends what goes to Keycloak, trusting whoever signs for the gateway. */
export async function toKeycloak({ gateway }: Vars, outside: Outside): Promise<Send> {
  const ca = await authority(gateway, outside);
  return (url, request) => outside.http.send(url, { ...request, ...(ca === undefined ? {} : { ca }) });
}

/** The page of the realm where a client sends people to log in. */
export function loginUrl({ sso }: Vars, { client, redirect }: { client: string; redirect: string }): string {
  const challenge = createHash('sha256').update(randomBytes(32)).digest('base64url');
  const query = new URLSearchParams({
    client_id: client,
    redirect_uri: redirect,
    response_type: 'code',
    scope: 'openid',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  return `${issuerOf(sso)}/protocol/openid-connect/auth?${query}`;
}

/** Asks the realm's token endpoint as a form. */
export async function askToken(
  vars: Vars,
  outside: Outside,
  form: Readonly<Record<string, string>>,
): Promise<HttpResponse> {
  const send = await toKeycloak(vars, outside);
  return send(`${issuerOf(vars.sso)}/protocol/openid-connect/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
}
