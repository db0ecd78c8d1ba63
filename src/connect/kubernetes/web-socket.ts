import { KubeConfig } from '@kubernetes/client-node';
import type { KubeClient } from './client.ts';
import { agentFor } from './transport-http1.ts';

/**
 * What the official client needs for a web socket of its own: it takes our credentials, which are renewed when they end, and our
 * way to the server. It is loaded only where a web socket is due.
 */
export async function webSocketConfig(client: KubeClient): Promise<KubeConfig> {
  const { headers, tls } = await client.credentials();
  const { server, context: name } = client.access;
  const config = new OwnWay();
  config.loadFromOptions({
    clusters: [{ name, server: server.href.replace(/\/$/, '') }],
    users: [{ name }],
    contexts: [{ name, cluster: name, user: name }],
    currentContext: name,
  });
  config.way = { headers, agent: agentFor({ ...client.access, tls }) };
  return config;
}

class OwnWay extends KubeConfig {
  way: object = {};

  override async applyToHTTPSOptions(options: object): Promise<void> {
    Object.assign(options, this.way);
  }
}
