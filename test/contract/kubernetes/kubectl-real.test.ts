import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenCluster, openCluster } from '../../../src/connect/kubernetes/open.ts';
import type { Planned } from '../../../src/model/deferred.ts';
import type { KubeObject, ObjectRef } from '../../../src/model/kube.ts';
import type { Want } from '../../../src/resources/kubernetes/apply/compose.ts';
import { objectType as type } from '../../../src/resources/kubernetes/object.ts';
import { type ApiServer, startApiServer } from '../../rig/apiserver.ts';
import { rigTimeout, whyNoApiServer } from '../../rig/programs.ts';

const why = whyNoApiServer();

describe.skipIf(why !== null)(why ?? 'beside kubectl on a real API server', () => {
  let rig: ApiServer;
  let cluster: OpenCluster;
  const settings: ObjectRef = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'settings' };

  beforeAll(async () => {
    rig = await startApiServer();
    cluster = await openCluster(rig);
  }, rigTimeout);
  afterAll(async () => {
    cluster.close();
    await rig.stop();
  });

  const plan = async (want: Want) => {
    const reading = await type.read(settings, cluster.planner);
    const live = reading.is === 'present' ? reading.live : null;
    const merged = await type.merge?.(settings, want as Planned<Want>, live, cluster.planner, {});
    return { live, difference: type.diff(live, want as Planned<Want>, merged?.live) };
  };

  it('names the field that kubectl edit changed, and takes it back', async () => {
    const want: Want = { data: { mode: 'fast', size: '1' } };
    await type.write({ id: settings, want, live: null, options: {} }, cluster.writer);
    await rig.kubectl(['edit', 'configmap', 'settings'], { KUBE_EDITOR: 'sed -i s/fast/slow/' });
    const { live, difference } = await plan(want);
    expect(difference.foreign).toEqual([]);
    expect(difference.changes).toMatchObject([{ path: 'data.mode', before: 'slow', after: 'fast' }]);
    expect(difference.changes[0]?.note).toMatch(/^drift, set by kubectl-edit \d+ s ago$/);
    expect((await type.write({ id: settings, want, live, options: {} }, cluster.writer)).is).toBe('written');
    expect(await rig.kubectl(['get', 'configmap', 'settings', '-o', 'jsonpath={.data.mode}'])).toBe('fast');
  });

  it('names kubectl scale', async () => {
    const web: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } };
    const want: Want = { spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template } };
    await type.write({ id: web, want, live: null, options: {} }, cluster.writer);
    await rig.kubectl(['scale', 'deployment', 'web', '--replicas=3']);
    const reading = await type.read(web, cluster.reader);
    if (reading.is !== 'present') throw new Error(reading.is);
    const merged = await type.merge?.(web, want as Planned<Want>, reading.live, cluster.reader, {});
    const { changes, foreign } = type.diff(reading.live, want as Planned<Want>, merged?.live);
    expect(foreign).toEqual([]);
    expect(changes).toMatchObject([
      { path: 'spec.replicas', note: expect.stringMatching(/drift, set by kubectl-scale/) },
    ]);
  });

  it('sends no mutating request but dry runs for a plan', async () => {
    const before = (await rig.audit()).length;
    await plan({ data: { mode: 'other', extra: 'new' } });
    const sent = (await rig.audit()).slice(before).filter(({ userAgent }) => userAgent === 'cairn');
    expect(sent.length).toBeGreaterThan(0);
    const mutating = sent.filter(
      ({ verb, requestURI }) => !['get', 'list'].includes(verb) && !requestURI.includes('dryRun=All'),
    );
    expect(mutating).toEqual([]);
  });

  it('makes a definition and then an object of it', async () => {
    const definition: ObjectRef = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      name: 'widgets.cairn.test',
    };
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    const want: Want = {
      spec: {
        group: 'cairn.test',
        scope: 'Namespaced',
        names: { kind: 'Widget', plural: 'widgets' },
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    };
    await type.write({ id: definition, want, live: null, options: {} }, cluster.writer);
    const widget: ObjectRef = { apiVersion: 'cairn.test/v1', kind: 'Widget', namespace: 'default', name: 'one' };
    const written = await type.write(
      { id: widget, want: { spec: { size: 1 } }, live: null, options: {} },
      cluster.writer,
    );
    expect(written).toMatchObject({ is: 'written', live: { object: { spec: { size: 1 } } } });
    expect(type.address(widget)).toBe('Widget.cairn.test/default/one');
    const reading = await type.read(definition, cluster.reader);
    if (reading.is !== 'present') throw new Error(reading.is);
    expect(await type.ready?.(definition, reading.live, cluster.reader)).toEqual({ is: 'ready' });
    expect(await type.loss(definition, reading.live, cluster.reader)).toMatchObject({ is: 'recreate' });
  });

  it('is told apart from another cluster by the UID of kube-system', async () => {
    const uid = await rig.kubectl(['get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}']);
    expect(await cluster.reader.identity()).toBe(uid);
  });

  it('guesses without the right to write', async () => {
    const stranger = await openCluster({ kubeconfig: rig.kubeconfig, context: 'stranger' });
    const merged = await type.merge?.(settings, { data: {} }, null, stranger.reader, {});
    stranger.close();
    expect(merged).toMatchObject({ certainty: 'predicted', why: 'the server forbids trying it' });
  });

  it('reads and writes 100 objects over one connection', async () => {
    const names = Array.from({ length: 100 }, (_, i) => `many-${i}`);
    const written = await Promise.all(
      names.map((name) => cluster.writer.apply({ ...bare(name), data: { a: name } } as KubeObject)),
    );
    expect(written.every(({ is }) => is === 'written')).toBe(true);
    const found = await cluster.reader.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default' });
    expect(found.filter(({ metadata }) => metadata.name.startsWith('many-')).length).toBe(100);
  });
});

function bare(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name } };
}
