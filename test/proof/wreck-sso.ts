import type { KeycloakWriter } from '../../src/model/keycloak.ts';
import { clientAt, idOf, listAt } from '../../src/resources/keycloak/paths.ts';
import { isFields } from '../../src/resources/thing/fields.ts';
import { openSso } from '../e2e/keycloak.ts';
import { secretValue } from '../e2e/rig.ts';
import { admin, patch, restart, rolledOut } from './wreck.ts';

const realm = 'cairn';
const clientId = 'devpi-dashboard';
const proxySettings = 'oauth2-proxy.cfg';

/** Changes settings of the realm by hand. */
export async function changeRealm(change: object): Promise<void> {
  await (await openSso()).update(realm, change);
}

/** Changes settings of the dashboard's client by hand. */
export async function changeClient(change: object): Promise<void> {
  const api = await openSso();
  await api.update(await clientPath(api), { serviceAccountsEnabled: false, ...change });
}

/** Lets Keycloak make the client another secret. */
export async function rotateSecret(): Promise<void> {
  const api = await openSso();
  await api.create(`${await clientPath(api)}/client-secret`, {});
}

export async function deleteClient(): Promise<void> {
  const api = await openSso();
  await api.remove(await clientPath(api));
}

/** Deletes a mapper of the client. */
export async function deleteMapper(name: string): Promise<void> {
  const api = await openSso();
  const models = `${await clientPath(api)}/protocol-mappers/models`;
  const found = (await listAt(models, api)).find((one) => one.name === name);
  if (!found) throw new Error(`client ${clientId} has no mapper ${name}`);
  await api.remove(`${models}/${idOf(found)}`);
}

/** Deletes a group of the realm. */
export async function deleteGroup(path: string): Promise<void> {
  const api = await openSso();
  const found = await api.get(`${realm}/group-by-path${path}`);
  if (!isFields(found)) throw new Error(`realm ${realm} has no group ${path}`);
  await api.remove(`${realm}/groups/${idOf(found)}`);
}

async function clientPath(api: KeycloakWriter): Promise<string> {
  const found = await clientAt(realm, clientId, api);
  if (!found) throw new Error(`realm ${realm} has no client ${clientId}`);
  return `${realm}/clients/${idOf(found)}`;
}

/** Starts OAuth2 Proxy with other settings: each key with its new value, undefined takes it out. */
export async function resetProxy(change: Readonly<Record<string, unknown>>): Promise<void> {
  const lines = (await secretValue('devpi', 'oauth2-proxy', proxySettings)).split('\n').filter((line) => line !== '');
  const kept = lines.filter((line) => !(line.slice(0, line.indexOf(' =')) in change));
  const added = Object.entries(change).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key} = ${JSON.stringify(value)}`],
  );
  const stringData = { [proxySettings]: `${[...kept, ...added].join('\n')}\n` };
  await patch('devpi', 'secret/oauth2-proxy', { stringData });
  await restart('devpi', 'oauth2-proxy');
}

/** Lets CoreDNS forget the names behind the gateway. */
export async function forgetNames(): Promise<void> {
  const found = JSON.parse(await admin('-n', 'kube-system', 'get', 'configmap/coredns', '-o', 'json')) as {
    readonly data: Readonly<Record<string, string>>;
  };
  const Corefile = (found.data.Corefile ?? '').replace(/^ *rewrite name regex .*\n/m, '');
  await patch('kube-system', 'configmap/coredns', { data: { Corefile } });
  // a restart by kubectl would leave its mark in the Deployment
  await admin('-n', 'kube-system', 'delete', 'pod', '-l', 'k8s-app=kube-dns');
  await rolledOut('kube-system', 'coredns');
}
