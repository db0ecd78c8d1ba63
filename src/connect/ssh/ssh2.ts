import { createRequire } from 'node:module';

type Ssh2 = typeof import('ssh2');
const require = createRequire(import.meta.url);
const { BaseAgent, createAgent } = require('ssh2/lib/agent.js') as Pick<Ssh2, 'BaseAgent' | 'createAgent'>;

/** The parts of ssh2 that a client needs: its index brings a server, agents of HTTP and a maker of keys, half of what it costs to load. */
export const ssh2 = {
  BaseAgent,
  createAgent,
  Client: require('ssh2/lib/client.js') as Ssh2['Client'],
  utils: require('ssh2/lib/protocol/keyParser.js') as Pick<Ssh2['utils'], 'parseKey'>,
};
