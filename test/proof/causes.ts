import { setTimeout as sleep } from 'node:timers/promises';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import type { KubeWriter } from '../../src/model/kube.ts';
import type { Fields } from '../../src/resources/kubernetes/compare/json.ts';
import type { ObjectId } from '../../src/resources/kubernetes/id.ts';
import { objectType as type } from '../../src/resources/kubernetes/object.ts';

const image = 'localhost/cairn/redis:7.0-79b75f5f';
const sh = (script: string): Fields => ({ image, imagePullPolicy: 'Never', command: ['sh', '-c', script] });

/** A Deployment of one container. */
function deployment(container: Fields, pods: Fields = {}): { readonly kind: string; readonly spec: Fields } {
  const labels = { app: 'app' };
  const spec = { terminationGracePeriodSeconds: 1, containers: [{ name: 'main', ...container }], ...pods };
  return {
    kind: 'Deployment',
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}

/** Something that won't come up on a real node, and the code that names why. */
export interface Cause {
  readonly it: string;
  readonly wish: { readonly kind: string; readonly spec: Fields };
  readonly code: string;
  readonly says: string;
  /** Made before. */
  readonly quota?: Fields;
}

export const causes: readonly Cause[] = [
  {
    it: 'an image that nobody has',
    wish: deployment({ image: 'registry.invalid/none:1' }),
    code: 'image-pull',
    says: 'registry.invalid/none:1',
  },
  {
    it: 'an image that may not be pulled',
    wish: deployment({ image: 'localhost/none:1', imagePullPolicy: 'Never' }),
    code: 'image-pull',
    says: 'localhost/none:1',
  },
  {
    it: 'a program that crashes',
    wish: deployment(sh('echo no password given; exit 3')),
    code: 'crash-loop',
    says: 'exit code 3',
  },
  {
    it: 'a pod that fits nowhere',
    wish: deployment({ ...sh('sleep 999'), resources: { requests: { memory: '9Ti' } } }),
    code: 'unschedulable',
    says: 'Insufficient memory',
  },
  {
    it: 'a Secret that is missing',
    wish: deployment({ ...sh('sleep 999'), envFrom: [{ secretRef: { name: 'none' } }] }),
    code: 'container-config',
    says: 'secret "none" not found',
  },
  {
    it: 'a mount of what is missing',
    wish: deployment(
      { ...sh('sleep 999'), volumeMounts: [{ name: 'v', mountPath: '/v' }] },
      { volumes: [{ name: 'v', configMap: { name: 'none' } }] },
    ),
    code: 'failed-mount',
    says: 'configmap "none" not found',
  },
  {
    it: 'a claim that no class provides',
    wish: deployment(sh('sleep 999'), { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'none' } }] }),
    code: 'unbound-claim',
    says: 'none does not exist',
  },
  {
    it: 'a quota that is used up',
    wish: deployment(sh('sleep 999')),
    code: 'pods-refused',
    says: 'exceeded quota: none',
    quota: { hard: { pods: '0' } },
  },
  {
    it: 'a Job whose pod fails',
    wish: {
      kind: 'Job',
      spec: {
        backoffLimit: 0,
        template: {
          spec: {
            restartPolicy: 'Never',
            containers: [{ name: 'main', ...sh('echo it began; echo it broke; exit 1') }],
          },
        },
      },
    },
    code: 'job-failed',
    says: 'it broke',
  },
];

/** Writes a wish and waits as a run does; the cause, and after how many seconds it was named. */
export async function causeOf(
  { wish }: Cause,
  { writer, namespace }: { readonly writer: KubeWriter; readonly namespace: string },
): Promise<{ readonly why: Diagnostic | null; readonly seconds: number }> {
  const apiVersion = wish.kind === 'Job' ? 'batch/v1' : 'apps/v1';
  const id: ObjectId = { apiVersion, kind: wish.kind, namespace, name: 'app' };
  const since = new Date().toISOString();
  const began = Date.now();
  await type.write({ id, want: { spec: wish.spec }, live: null, options: {} }, writer);
  while (Date.now() - began < 40_000) {
    const reading = await type.read(id, writer);
    const readiness = reading.is === 'present' ? await type.ready?.(id, reading.live, writer, { since }) : undefined;
    if (readiness?.is === 'failed') return { why: readiness.why, seconds: (Date.now() - began) / 1_000 };
    await sleep(300);
  }
  return { why: null, seconds: 40 };
}
