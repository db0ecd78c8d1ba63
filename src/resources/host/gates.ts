import type { HostReader } from '../../model/host.ts';
import type { More, Resource } from '../../model/resource.ts';
import { gate } from '../world/gate.ts';

/** Waits until something is at a path of the host. */
export function fileExists({ path }: { readonly path: string }, more?: More): Resource<object> {
  const until = async ({ host }: { readonly host: HostReader }): Promise<true | string> =>
    (await host.ask({ ask: 'stat', path })) !== null || `${path} to appear`;
  return gate({ id: `${path} exists`, until }, more);
}

/** Waits until a program on the host listens on a TCP port. */
export function portOpen({ port }: { readonly port: number }, more?: More): Resource<object> {
  const until = async ({ host }: { readonly host: HostReader }): Promise<true | string> => {
    const tables = await host.ask({ ask: 'run', argv: ['cat', '/proc/net/tcp', '/proc/net/tcp6'] });
    return isListening(tables.stdout, port) || `something to listen on port ${port}`;
  };
  return gate({ id: `port ${port} is open`, until }, more);
}

/** Waits until a URL answers the host with a status below 400; asked by curl or wget, whichever the host has. */
export function httpAnswers({ url }: { readonly url: string }, more?: More): Resource<object> {
  const until = async ({ host }: { readonly host: HostReader }): Promise<true | string> => {
    const curl = await host.ask({ ask: 'run', argv: ['curl', '-fsSL', '-m', '10', '-o', '/dev/null', '--', url] });
    if (curl.status === 0) return true;
    if (curl.status !== 127) return why(url, curl.stderr);
    const wget = await host.ask({ ask: 'run', argv: ['wget', '-q', '-T', '10', '-O', '/dev/null', url] });
    if (wget.status === 127) return `${url}, but the host has neither curl nor wget`;
    return wget.status === 0 || why(url, wget.stderr);
  };
  return gate({ id: `${url} answers`, until }, more);
}

function why(url: string, stderr: string): string {
  const said = stderr.trim().split('\n').at(-1);
  return said ? `${url} to answer: ${said}` : `${url} to answer`;
}

// The kernel's table: addresses and ports in hexadecimal, state 0A is listening.
function isListening(table: string, port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return table.split('\n').some((line) => {
    const [, local, , state] = line.trim().split(/\s+/);
    return state === '0A' && local?.endsWith(`:${hex}`) === true;
  });
}
