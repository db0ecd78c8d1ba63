import type { KubeReader, KubeWriter } from '../../model/kube.ts';
import { KubeClient } from './client.ts';
import { Discovery } from './discovery.ts';
import { readAccess } from './kubeconfig.ts';
import { readOnly } from './read-only.ts';
import { RealKubeReader } from './reader.ts';
import { RealKubeWriter } from './writer.ts';

/** An open cluster. */
export interface OpenCluster {
  readonly reader: KubeReader;
  readonly writer: KubeWriter;
  /** A writer that refuses to write, for plans. */
  readonly planner: KubeWriter;
  close(): void;
}

/**
 * Opens the cluster of one context; sends nothing yet.
 * @throws CairnError code `kube-config`
 */
export async function openCluster({
  kubeconfig,
  context,
}: {
  kubeconfig: string;
  context: string;
}): Promise<OpenCluster> {
  const client = new KubeClient(await readAccess(kubeconfig, context));
  const discovery = new Discovery(client);
  const reader = new RealKubeReader(client, discovery);
  return {
    reader,
    writer: new RealKubeWriter(client, discovery),
    planner: readOnly(reader),
    close: () => client.close(),
  };
}
