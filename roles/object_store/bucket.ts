import { action, k8s, type Resource } from '@cairnhq/cairn';
import type { Outside } from '../gateway/authority.ts';
import { demand, type Vars } from './api.ts';
import { names } from './index.ts';

interface Bucket {
  readonly bucket: string;
}

/** A bucket. One that holds something is not removed, unless the claim goes with it. */
export function bucket(vars: Vars, after: readonly Resource<unknown>[]): Resource<Bucket> {
  const { namespace, bucket: name } = vars.objectStore;
  const path = `/${name}`;
  const claim = k8s.existing.object({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: names.server });
  return action<Bucket>(
    {
      id: `bucket-${name}`,
      want: { bucket: name },
      async read(world) {
        if (!(await isServed(vars, world))) return null;
        const { status } = await demand(vars, world, { method: 'HEAD', path }, [200, 404]);
        return status === 200 ? { bucket: name } : null;
      },
      run: async (world) => void (await demand(vars, world, { method: 'PUT', path }, [200])),
      undo: async (world, before) => {
        if (before === null) await demand(vars, world, { method: 'DELETE', path }, [204, 404]);
      },
    },
    { after, inside: claim },
  );
}

// Nothing to ask as long as nothing runs behind the route.
async function isServed({ objectStore: { namespace } }: Vars, { kube }: Pick<Outside, 'kube'>): Promise<boolean> {
  const [server, way] = await Promise.all([
    kube.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: names.server }),
    kube.get({ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', namespace, name: names.server }),
  ]);
  const { availableReplicas = 0 } = (server?.status ?? {}) as { readonly availableReplicas?: number };
  return availableReplicas > 0 && way !== null;
}
