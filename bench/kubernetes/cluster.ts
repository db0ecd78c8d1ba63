import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApiServer } from '../../test/rig/apiserver.ts';
import { buildPrograms, pathOf } from '../../test/rig/programs.ts';
import { output } from '../measure.ts';
import { type Work, writeWork } from './work.ts';

/** The API server that all contenders work on. */
export interface Cluster {
  readonly kubeconfig: string;
  /** The kubeconfig's current context: the one that programs take by themselves. */
  readonly context: string;
  /** An empty namespace, and a folder with the work to do in it. */
  prepare(count: number): Promise<Work>;
  /** Throws unless all the work is done. */
  demandDone(work: Work): Promise<void>;
  /** Takes all its namespaces away. */
  close(): Promise<void>;
}

/** @param given a kubeconfig; without one an API server is started for the time being */
export async function openCluster(given: string | undefined): Promise<Cluster> {
  await buildPrograms();
  const rig = given === undefined ? await startApiServer() : undefined;
  const kubeconfig = rig?.kubeconfig ?? given ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'cairn-kubernetes-'));
  const kubectl = (...words: readonly string[]): Promise<string> =>
    output({ program: pathOf('kubectl'), words: ['--kubeconfig', kubeconfig, ...words], cwd: folder });
  const context = (await kubectl('config', 'current-context')).trim();
  const namespaces: string[] = [];
  return {
    kubeconfig,
    context,
    async prepare(count) {
      const namespace = `bench-${randomBytes(4).toString('hex')}`;
      const work = { namespace, count, folder: join(folder, namespace) };
      mkdirSync(work.folder);
      namespaces.push(namespace);
      await kubectl('create', 'namespace', namespace);
      writeWork(work, { kubeconfig, context });
      return work;
    },
    async demandDone({ namespace, count }) {
      const found = await kubectl('-n', namespace, 'get', 'configmaps', '-l', 'bench=yes', '-o', 'name');
      const there = found.split('\n').filter(Boolean).length;
      if (there !== count) throw new Error(`${there} of ${count} objects are in ${namespace}`);
    },
    async close() {
      if (rig) await rig.stop();
      else await kubectl('delete', 'namespace', '--wait=false', ...namespaces);
      rmSync(folder, { recursive: true });
    },
  };
}
