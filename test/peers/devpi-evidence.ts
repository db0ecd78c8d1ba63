import { spawnSync } from 'node:child_process';
import type { AuditEvent } from '../rig/apiserver.ts';
import type { DevpiSite } from './devpi-site.ts';

interface AdminEvent {
  readonly operationType: string;
  readonly resourcePath: string;
}

/** What Keycloak itself noted of changes by administrators, newest first. */
export async function adminEvents({
  keycloak,
  realm,
}: Pick<DevpiSite, 'keycloak' | 'realm'>): Promise<readonly AdminEvent[]> {
  return (await keycloak.get(`${realm}/admin-events`)) as readonly AdminEvent[];
}

/** What Cairn sent that could have changed something: dry runs, reviews of rights and the lock's lease don't count. */
export function writesSince(events: readonly AuditEvent[], mark: number): readonly string[] {
  return events
    .slice(mark)
    .filter(({ userAgent, verb }) => userAgent.startsWith('cairn') && !['get', 'list', 'watch'].includes(verb))
    .map(({ verb, requestURI }) => `${verb} ${requestURI}`)
    .filter((request) => !/dryRun=All|selfsubject|leases\/cairn|leases\?/.test(request));
}

/** The passwords in a value of a Secret: in a settings file those behind `=` or `requirepass`. */
export function passwordsIn(encoded: string): readonly string[] {
  const text = Buffer.from(encoded, 'base64').toString();
  if (!text.includes('\n')) return [text];
  return [...text.matchAll(/(?:secret|password) = "([^"]+)"|^requirepass (\S+)/gm)].map(([, a, b]) => a ?? b ?? '');
}

/** The files beneath a folder that hold a text, one a line. */
export function filesWith(text: string, folder: string): string {
  return spawnSync('grep', ['-rlaF', '-e', text, folder], { encoding: 'utf8' }).stdout;
}
