import type { AnyType } from '../model/resource.ts';
import type { CompiledStep } from '../plan/compile.ts';
import { devpiTypes } from '../resources/devpi/index.ts';
import { gitTypes } from '../resources/git/index.ts';
import { githubTypes } from '../resources/github/index.ts';
import { harborTypes } from '../resources/harbor/index.ts';
import { hostTypes } from '../resources/host/index.ts';
import { keycloakTypes } from '../resources/keycloak/index.ts';
import { kubernetesTypes } from '../resources/kubernetes/index.ts';
import { registryTypes } from '../resources/registry/index.ts';
import { worldTypes } from '../resources/world/index.ts';

/** Every resource type of this release, by name: undo finds them by what the journal says. */
export const resourceTypes: ReadonlyMap<string, AnyType> = new Map(
  [
    ...hostTypes,
    ...kubernetesTypes,
    ...keycloakTypes,
    ...githubTypes,
    ...harborTypes,
    ...gitTypes,
    ...registryTypes,
    ...devpiTypes,
    ...worldTypes,
  ].map((type) => [type.name, type]),
);

/** The same, and a project's own types, which come with its steps. */
export function typesOf(compiled: readonly CompiledStep[]): ReadonlyMap<string, AnyType> {
  const own = compiled.flatMap(({ resources }) =>
    resources.map(({ handle }) => [handle.type.name, handle.type] as const),
  );
  return new Map([...own, ...resourceTypes]);
}
