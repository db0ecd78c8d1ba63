import type { FakeKeycloak } from '../../src/connect/fake/keycloak.ts';
import { endpointId, type TargetState } from '../../src/model/connections.ts';
import type { Locks } from '../../src/model/journal.ts';
import type { RunOptions } from '../../src/run/context.ts';

/** What a run is given unless a test says otherwise. */
export const options: RunOptions = {
  verify: true,
  disrupt: false,
  allowReplace: false,
  allowDataLoss: [],
  force: false,
  concurrency: 8,
  timeout: 5_000,
};

/** Milliseconds that a real API server may take to delete something: its collector of garbage comes by every half minute. */
export const patience = 60_000;

/** Locks that nobody else ever holds. */
export const freeLocks: Locks = {
  acquire: () =>
    Promise.resolve({ check: () => Promise.resolve(), release: () => Promise.resolve(), abandon: () => {} }),
};

/** A Keycloak in memory as a target. */
export async function openFakeKeycloak(name: string, keycloak: FakeKeycloak): Promise<TargetState> {
  const id = endpointId(name, await keycloak.identity());
  return { is: 'open', id, keycloak: { reader: keycloak, writer: keycloak }, locks: freeLocks };
}
