import { join } from 'node:path';
import { http } from '../connect/http/http.ts';
import { type Diagnostic, diagnosticsOf } from '../model/diagnostic.ts';
import type { HostReader } from '../model/host.ts';
import type { HostTarget } from '../model/project.ts';
import { hostsMeant } from '../project/inventory/hosts-meant.ts';
import { findRoot } from '../project/project-file.ts';
import { sideBySide } from '../run/side-by-side.ts';
import type { OnHosts } from './args/command.ts';
import type { Terminal } from './ask.ts';
import { becomePasswordFor } from './become-password.ts';
import { LiveConnections } from './connections.ts';
import { openersFor } from './openers.ts';
import { Pins } from './pins.ts';
import { gitOf, toolsOf } from './tools.ts';
import { traceTo } from './trace-io.ts';

/** What came of it on one host. */
export type OnHost<T> =
  | { readonly host: string; readonly is: 'answered'; readonly answer: T; readonly ms: number }
  | { readonly host: string; readonly is: 'unreachable' | 'failed'; readonly why: readonly Diagnostic[] };

const mostHosts = 50;

/**
 * Asks the hosts of a pattern, several side by side; one that fails or can't be reached doesn't keep the others.
 * @param heard called for each host as it is done
 */
export async function askHosts<T>(
  command: OnHosts,
  terminal: Terminal,
  ask: (reader: HostReader, host: string) => Promise<T>,
  heard: (result: OnHost<T>) => void,
): Promise<readonly OnHost<T>[]> {
  const root = findRoot(terminal.cwd);
  const inventory = command.inventory === undefined ? {} : { inventory: command.inventory };
  const { hosts, journal } = await hostsMeant(command.pattern, { root, env: terminal.env, ...inventory });
  const becomePassword = await becomePasswordFor(terminal, hosts, command);
  const closers: (() => void)[] = [];
  const openers = openersFor('read', journal.folder, {
    acceptNewHostKeys: command.acceptNewHostKeys ?? false,
    onOpen: (close) => closers.push(close),
    ...(becomePassword ? { becomePassword } : {}),
    ...(command.traceIo === undefined ? {} : { trace: traceTo(command.traceIo, terminal) }),
  });
  const connections = new LiveConnections(openers, new Pins(join(journal.folder, 'clusters.json')), {
    http,
    git: gitOf(terminal.env),
    tools: toolsOf(root, terminal.env),
  });
  try {
    return await sideBySide(hosts, command.concurrency ?? mostHosts, async (target) => {
      const result = await askOne(connections, target, ask);
      heard(result);
      return result;
    });
  } finally {
    await connections.close();
    for (const close of closers) close();
  }
}

async function askOne<T>(
  connections: LiveConnections,
  target: HostTarget,
  ask: (reader: HostReader, host: string) => Promise<T>,
): Promise<OnHost<T>> {
  const { name: host } = target;
  const state = await connections.open(target);
  if (state.is === 'unreachable') return { host, is: 'unreachable', why: [state.why] };
  if (state.is === 'absent' || !state.host) throw new Error(`${host} opened as no host`);
  const began = performance.now();
  try {
    const answer = await ask(state.host.reader, host);
    return { host, is: 'answered', answer, ms: Math.round(performance.now() - began) };
  } catch (error) {
    return { host, is: 'failed', why: diagnosticsOf(error) };
  }
}
