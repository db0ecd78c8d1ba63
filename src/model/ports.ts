import type { GitReader, GitWriter } from './git.ts';
import type { HostReader, HostWriter } from './host.ts';
import type { Http } from './http.ts';
import type { KeycloakReader, KeycloakWriter } from './keycloak.ts';
import type { KubeReader, KubeWriter } from './kube.ts';
import type { HarborReader, HarborWriter, RestReader, RestWriter } from './rest.ts';

/** What an `action` and a gate may look at: whatever the step's target offers. Using what isn't there throws, named. */
export interface WorldReader {
  readonly host: HostReader;
  readonly kube: KubeReader;
  readonly http: Http;
  readonly git: GitReader;
}

export interface WorldWriter {
  readonly host: HostWriter;
  readonly kube: KubeWriter;
  readonly http: Http;
  readonly git: GitWriter;
  /** One line about what goes on, for the tree and the log. */
  progress(line: string): void;
}

/** The outside world, by the sort of connection it takes. A reader can't mutate, by type. */
export interface Ports {
  host: { reader: HostReader; writer: HostWriter };
  kubernetes: { reader: KubeReader; writer: KubeWriter };
  keycloak: { reader: KeycloakReader; writer: KeycloakWriter };
  github: { reader: RestReader; writer: RestWriter };
  harbor: { reader: HarborReader; writer: HarborWriter };
  world: { reader: WorldReader; writer: WorldWriter };
}

export type PortName = keyof Ports;
