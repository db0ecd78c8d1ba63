// The least that could be done with the official client: server-side apply of each object, 16 in flight, nothing read or compared.
//   node bench/kubernetes/bare-client.ts OBJECTS
import { readFileSync } from 'node:fs';
import { KubeConfig, type KubernetesObject, KubernetesObjectApi, PatchStrategy } from '@kubernetes/client-node';

const config = new KubeConfig();
config.loadFromDefault();
const api = KubernetesObjectApi.makeApiClient(config);
const text = readFileSync(process.argv[2] ?? '', 'utf8');
const objects = text
  .split('---\n')
  .filter(Boolean)
  .map((one): KubernetesObject => JSON.parse(one));

async function work(): Promise<void> {
  for (let next = objects.pop(); next; next = objects.pop()) {
    await api.patch(next, undefined, undefined, 'bench', undefined, PatchStrategy.ServerSideApply);
  }
}

await Promise.all(Array.from({ length: 16 }, work));
process.exit(0);
