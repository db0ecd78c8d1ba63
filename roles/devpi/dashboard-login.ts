import type { HttpRequest, HttpResponse } from '@cairnhq/cairn';
import { authority, type Outside } from '../gateway/authority.ts';
import { cookieName } from '../oauth2_proxy/index.ts';
import { sessionKey } from '../oauth2_proxy/session.ts';
import type { Guest } from '../sso/guest.ts';
import { issuerOf } from '../sso/index.ts';
import { toKeycloak } from '../sso/outside.ts';
import { type Page, placeOf, type Send, Visitor } from '../sso/visitor.ts';
import { callbackUrl, type Vars } from './dashboard.ts';
import { names } from './index.ts';

/** Sends what goes to the dashboard host by the gateway, and all else to Keycloak. */
export async function byGateway(vars: Vars, outside: Outside): Promise<Send> {
  const ca = await authority(vars.gateway, outside);
  const trust = ca === undefined ? {} : { ca };
  const { address: connectTo } = vars.gateway;
  return parted(vars, await toKeycloak(vars, outside), (url, request) =>
    outside.http.send(url, { ...request, ...trust, connectTo }),
  );
}

/** Sends what goes to the dashboard host to a port of this machine that leads to the proxy. */
export async function byForward(vars: Vars, outside: Outside, forwarded: string): Promise<Send> {
  const toProxy = (url: string, request: HttpRequest): Promise<HttpResponse> => {
    const { host, pathname, search } = new URL(url);
    return outside.http.send(`${forwarded}${pathname}${search}`, { ...request, headers: { ...request.headers, host } });
  };
  return parted(vars, await toKeycloak(vars, outside), toProxy);
}

function parted({ devpi }: Vars, toOthers: Send, toDashboard: Send): Send {
  return (url, request) => (new URL(url).host === devpi.dashboardHost ? toDashboard : toOthers)(url, request);
}

/** @throws Error unless a redirect leads to the login page of our realm, for our client, and back to our dashboard */
export function demandLogin(vars: Vars, asked: string, { status, headers: { location = '' } }: HttpResponse): void {
  const wanted = `${issuerOf(vars.sso)}/protocol/openid-connect/auth`;
  const found = URL.parse(location);
  const said = `${asked} → ${status}${found ? ` to ${placeOf(location)}` : ''}`;
  if (status !== 302 || !found || placeOf(location) !== wanted) throw new Error(`${said}, expected 302 to ${wanted}`);
  const query = { client_id: names.client, redirect_uri: callbackUrl(vars.devpi) };
  for (const [name, value] of Object.entries(query)) {
    const got = found.searchParams.get(name);
    if (got !== value) throw new Error(`${said} with ${name} ${got}, expected ${value}`);
  }
}

/** Asks the dashboard host as somebody without a session, who would read HTML. */
export async function anonymously(vars: Vars, send: Send, path: string, request: HttpRequest = {}) {
  const url = `https://${vars.devpi.dashboardHost}${path}`;
  return { url, answer: await send(url, { ...request, headers: { accept: 'text/html', ...request.headers } }) };
}

/** Goes to the dashboard and logs in. @returns where that ended, and the visitor, who now has a session or none */
export async function logIn(vars: Vars, send: Send, who: Guest): Promise<{ visitor: Visitor; page: Page }> {
  const visitor = new Visitor(send);
  const login = await visitor.open(`https://${vars.devpi.dashboardHost}/`);
  return { visitor, page: await visitor.logIn(login, who) };
}

/** @throws Error unless a page is devpi's own, of the dashboard host */
export function demandDashboard({ devpi }: Vars, { url, status, body }: Page): void {
  const here = `https://${devpi.dashboardHost}/`;
  if (status !== 200 || !url.startsWith(here) || !/devpi/i.test(body))
    throw new Error(`after the login: ${placeOf(url)} → ${status}, expected devpi at ${here}`);
}

/** The key of a visitor's session in Redis. @throws Error where there is no session */
export function sessionOf({ cookies }: Visitor): string {
  const cookie = cookies.get(cookieName);
  if (cookie === undefined) throw new Error(`after a login there is no cookie ${cookieName} for the dashboard host`);
  return sessionKey(cookie);
}
