import type { KeycloakWriter } from '../../../src/model/keycloak.ts';
import type { ResourceType } from '../../../src/model/resource.ts';
import { groupAt } from '../../../src/resources/keycloak/group.ts';
import { clientAt, listAt, scopeAt } from '../../../src/resources/keycloak/paths.ts';
import type { Image } from '../../../src/resources/thing/thing.ts';
import { contractSuite } from '../suite.ts';
import type { KeycloakWorld } from './by-hand.ts';
import { subjects } from './subjects.ts';

type AnyOf = ResourceType<'keycloak', object, object, Image, unknown>;

/** A sample leaves realms out, which take a server a second each, and has one field of each type changed by somebody else. */
export type Extent = 'whole' | 'sample';

/** Registers what every type of Keycloak passes, on the fake and on real servers alike. */
export function keycloakSuite(name: string, open: () => Promise<KeycloakWorld>, extent: Extent = 'whole'): void {
  for (const subject of subjects) {
    const { look, older, secret } = subject;
    const drifts = Object.entries(subject.drifts).slice(0, extent === 'sample' ? 1 : undefined);
    if (extent === 'sample' && subject.name === 'Realm') continue;
    contractSuite<'keycloak', KeycloakWorld, object, object, Image, unknown>({
      name: `${subject.name} on ${name}`,
      type: subject.type as AnyOf,
      open,
      id: subject.id,
      want: subject.want,
      drifts: Object.fromEntries(
        drifts.map(([path, edit]) => [path, async (world: KeycloakWorld) => void (await edit(world))]),
      ),
      older: async (world) => void (await older(world)),
      snapshot: look,
      ...(secret ? { secret } : {}),
    });
  }
}

/** Takes away what a test left in a realm, so that the next one needs no realm of its own: making one takes a server a second. */
export async function cleared(hands: KeycloakWriter, realm: string): Promise<void> {
  const kit = `${realm}/clients/${(await clientAt(realm, 'kit', hands))?.id}`;
  const packages = `${realm}/client-scopes/${(await scopeAt(realm, 'packages', hands))?.id}`;
  const models = [kit, packages].map((owner) => `${owner}/protocol-mappers/models`);
  const looks = [
    ...models.map((at) => [at, listAt(at, hands)] as const),
    [`${realm}/clients`, clientAt(realm, 'dash', hands).then((one) => [one])] as const,
    [`${realm}/client-scopes`, scopeAt(realm, 'uploads', hands).then((one) => [one])] as const,
    [`${realm}/groups`, groupAt(realm, '/staff/uploaders', hands).then((one) => [one])] as const,
    [`${realm}/users`, listAt(`${realm}/users?exact=true&username=ann`, hands)] as const,
  ];
  for (const [list, found] of looks) for (const one of await found) if (one) await hands.remove(`${list}/${one.id}`);
  for (const role of [`${realm}/roles/devpi-admin`, `${kit}/roles/upload`, `${realm}-own`]) await hands.remove(role);
}

/** A realm with what the subjects refer to. */
export async function furnished(hands: KeycloakWriter, realm: string): Promise<void> {
  await hands.create('', { realm, enabled: true });
  await hands.create(`${realm}/clients`, { clientId: 'kit' });
  await hands.create(`${realm}/client-scopes`, { name: 'packages', protocol: 'openid-connect' });
  await hands.create(`${realm}/roles`, { name: 'kit-role' });
  const kit = await clientAt(realm, 'kit', hands);
  await hands.create(`${realm}/clients/${kit?.id}/roles`, { name: 'kit-client-role' });
  await hands.create(`${realm}/groups`, { name: 'staff' });
}
