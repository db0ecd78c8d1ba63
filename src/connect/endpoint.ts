import type { EndpointPorts } from '../model/connections.ts';
import type { KnownEndpoint } from '../model/endpoint.ts';
import { openKeycloak } from './keycloak/open.ts';
import { openGithub } from './rest/github.ts';
import { openHarbor } from './rest/harbor.ts';

/** A service that can be asked: its port, and who it says that it is. */
export interface OpenEndpoint {
  readonly ports: EndpointPorts;
  identity(): Promise<string>;
}

/** A service of the inventory. Nothing is contacted yet. @throws CairnError `ca-missing` */
export function openEndpoint(target: KnownEndpoint, mayWrite: boolean): OpenEndpoint {
  switch (target.type) {
    case 'keycloak': {
      const keycloak = openKeycloak(target, mayWrite);
      return { ports: { keycloak: { reader: keycloak, writer: keycloak } }, identity: () => keycloak.identity() };
    }
    case 'github': {
      const github = openGithub(target, { mayWrite });
      return { ports: { github: { reader: github, writer: github } }, identity: () => github.identity() };
    }
    case 'harbor': {
      const harbor = openHarbor(target, { mayWrite });
      return { ports: { harbor: { reader: harbor, writer: harbor } }, identity: () => harbor.identity() };
    }
  }
}
