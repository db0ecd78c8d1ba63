import type { FakeGithub } from '../../src/connect/fake/github.ts';
import type { FakeHarbor } from '../../src/connect/fake/harbor.ts';
import type { FakeKeycloak } from '../../src/connect/fake/keycloak.ts';
import { openGithub } from '../../src/connect/rest/github.ts';
import { openHarbor } from '../../src/connect/rest/harbor.ts';
import { type EndpointPorts, endpointId, type TargetState } from '../../src/model/connections.ts';
import type { EndpointTarget, KnownEndpoint } from '../../src/model/endpoint.ts';
import type { Locks } from '../../src/model/journal.ts';
import type { RunOptions } from '../../src/run/context.ts';

/**
 * Milliseconds that a real API server may take to delete something: its collector of garbage comes by every half minute. By
 * the clock of a fake world nobody waits for them.
 */
export const patience = 120_000;

/** What a run is given unless a test says otherwise. */
export const options: RunOptions = {
  verify: true,
  disrupt: false,
  allowReplace: false,
  allowDataLoss: [],
  force: false,
  concurrency: 8,
  timeout: patience,
};

/** Locks that nobody else ever holds. */
export const freeLocks: Locks = {
  acquire: () =>
    Promise.resolve({ check: () => Promise.resolve(), release: () => Promise.resolve(), abandon: () => {} }),
};

/** Services in memory. */
export interface FakeServices {
  readonly keycloak: FakeKeycloak;
  readonly github: FakeGithub;
  readonly harbor: FakeHarbor;
}

/** A service in memory as a target. */
export async function openFakeEndpoint({ name, type }: EndpointTarget, fakes: FakeServices): Promise<TargetState> {
  const ports = portsOf(fakes);
  const id = endpointId(name, await ports[type].reader.identity());
  return { is: 'open', id, endpoint: ports, locks: freeLocks };
}

/** Our own clients, with a fake at the other end; a Keycloak's fake takes the client's place. */
function portsOf({ keycloak, github, harbor }: FakeServices): Required<EndpointPorts> {
  const hub = openGithub(githubTarget(github), { http: github, mayWrite: true });
  const port = openHarbor(harborTarget(harbor), { http: harbor, mayWrite: true });
  return {
    keycloak: { reader: keycloak, writer: keycloak },
    github: { reader: hub, writer: hub },
    harbor: { reader: port, writer: port },
  };
}

/** A fake as the inventory would name it. */
export function githubTarget({ token }: FakeGithub, url = 'https://api.github.com'): KnownEndpoint {
  return { kind: 'endpoint', type: 'github', name: 'hub', url, login: { user: '', password: token, realm: '' } };
}

export function harborTarget({ user, password }: FakeHarbor, url = 'https://harbor.fake'): KnownEndpoint {
  return { kind: 'endpoint', type: 'harbor', name: 'images', url, login: { user, password, realm: '' } };
}
