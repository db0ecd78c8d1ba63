import { KubeClient } from '../../../src/connect/kubernetes/client.ts';
import { readAccess } from '../../../src/connect/kubernetes/kubeconfig.ts';
import { type ApiServer, startApiServer } from '../apiserver.ts';
import type { shop } from './project.ts';
import type { Place } from './proxy.ts';
import { type Protocol, type Strike, shopName, type Trial, tryFault } from './scenario.ts';

/** Of requests that are repeated until something holds, only the first differ from each other. */
const mostAlike = 3;

/** A server on which trials run, side by side. */
export interface Bench {
  /** Without a fault: what must come out, and which requests there are. */
  reference(project: typeof shop, protocol: Protocol): Promise<Reference>;
  /** @param wanted more are asked for as long as there are any */
  run(reference: Reference, wanted: Iterable<Strike>, told: (trial: Trial, strike: Strike) => void): Promise<void>;
  stop(): Promise<void>;
}

export interface Reference {
  readonly project: typeof shop;
  readonly trial: Trial;
  readonly places: readonly Place[];
}

/** @param atOnce trials side by side */
export async function openBench(atOnce: number): Promise<Bench> {
  // Each command listens for Ctrl-C while it runs.
  process.setMaxListeners(0);
  const rig: ApiServer = await startApiServer('deployment-controller', 'replicaset-controller');
  const direct = new KubeClient(await readAccess(rig.kubeconfig, rig.context));
  let count = 0;
  const attempt = ({ project, protocol }: Of, strike: Strike | null, like?: Trial): Promise<Trial> => {
    count += 1;
    return tryFault({ rig, direct, project, protocol, name: shopName(count) }, strike, like);
  };
  return {
    async reference(project, protocol) {
      const trial = await attempt({ project, protocol }, null);
      return { project, trial, places: placesOf(trial.requests) };
    },
    async run({ project, trial: like }, wanted, told) {
      const todo = wanted[Symbol.iterator]();
      const work = async (): Promise<void> => {
        for (let next = todo.next(); !next.done; next = todo.next()) {
          const strike = next.value;
          told(
            await attempt({ project, protocol: like.protocol }, strike, like).catch((error) =>
              crashed(like, strike, error),
            ),
            strike,
          );
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
    },
    async stop() {
      direct.close();
      await rig.stop();
    },
  };
}

interface Of {
  readonly project: typeof shop;
  readonly protocol: Protocol;
}

function crashed(like: Trial, { fault }: Strike, error: unknown): Trial {
  const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { ...like, fault: fault.name, struck: true, failed: [], wrong: [`the trial itself broke: ${said}`] };
}

function placesOf(requests: readonly string[]): readonly Place[] {
  const counts = new Map<string, number>();
  return requests.flatMap((key) => {
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    return nth <= mostAlike ? [{ key, nth }] : [];
  });
}

/** True for a request that changes something: what a fault may do to it differs most. */
export function isWrite({ key }: Place): boolean {
  return !key.startsWith('GET') && !key.includes('dry run');
}
