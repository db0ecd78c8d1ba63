import { existsSync, readFileSync } from 'node:fs';
import { CairnError, problem } from '../../model/diagnostic.ts';
import type { KnownEndpoint } from '../../model/endpoint.ts';
import type { HttpRequest } from '../../model/http.ts';

/** How a service is reached: what every request to it has in common. */
export type Way = Pick<HttpRequest, 'ca' | 'connectTo' | 'timeout'>;

/** The way to an endpoint. @param timeout milliseconds @throws CairnError `ca-missing` */
export function wayTo({ name, ca, connectTo }: KnownEndpoint, timeout: number): Way {
  return {
    timeout,
    ...(ca === undefined ? {} : { ca: readCa(name, ca) }),
    ...(connectTo === undefined ? {} : { connectTo }),
  };
}

function readCa(name: string, file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8');
  throw new CairnError(
    problem('ca-missing', `the authorities that sign for ${name} are not there: ${file}`, {
      help: 'look at ca in endpoints.yaml of the inventory',
    }),
  );
}
