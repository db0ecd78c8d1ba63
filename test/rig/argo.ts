import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../src/model/kube.ts';
import type { ApiServer } from './apiserver.ts';

/** Definitions of Argo's kinds, in the minimal form in which Argo Workflows itself brings them: any fields, no subresource for the status. */
export const argoDefinitions: readonly KubeObject[] = [
  definition('Workflow'),
  definition('WorkflowTemplate'),
  definition('CronWorkflow'),
  definition('Application'),
];

function definition(kind: string): KubeObject {
  const plural = `${kind.toLowerCase()}s`;
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const text = { type: 'string' };
  const properties = { apiVersion: text, kind: text, metadata: { type: 'object' }, spec: open, status: open };
  const schema = { openAPIV3Schema: { ...open, required: ['metadata', 'spec'], properties } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.argoproj.io` },
    spec: {
      group: 'argoproj.io',
      scope: 'Namespaced',
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      versions: [{ name: 'v1alpha1', served: true, storage: true, schema }],
    },
  };
}

/** Serves Argo's kinds on a real server. */
export async function serveArgo(rig: ApiServer): Promise<void> {
  const file = join(dirname(rig.kubeconfig), 'argo.json');
  await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: argoDefinitions }));
  await rig.kubectl(['apply', '-f', file]);
  await rig.kubectl(['wait', '--for=condition=Established', '--timeout=100s', '-f', file]);
}

/** Stands in for Argo CD on a server where none runs: looks when it is asked to, and lets go of what is deleted. */
export function attendApplications(rig: ApiServer): { readonly stop: () => Promise<void> } {
  let isOver = false;
  const patch = (app: KubeObject, body: object): Promise<unknown> => {
    const { namespace = '', name } = app.metadata;
    const words = [
      'patch',
      'application.argoproj.io',
      name,
      '-n',
      namespace,
      '--type=merge',
      '-p',
      JSON.stringify(body),
    ];
    return rig.kubectl([...words, '--field-manager=argocd-application-controller']).catch(() => undefined);
  };
  const look = async (): Promise<void> => {
    const listed = await rig.kubectl(['get', 'applications.argoproj.io', '-A', '-o', 'json']);
    const { items } = JSON.parse(listed) as { readonly items: readonly KubeObject[] };
    for (const app of items) {
      const { deletionTimestamp, finalizers = [], annotations = {} } = app.metadata;
      if (deletionTimestamp !== undefined && finalizers.some((one) => one.includes('argocd')))
        await patch(app, { metadata: { finalizers: finalizers.filter((one) => !one.includes('argocd')) } });
      else if (annotations['argocd.argoproj.io/refresh'] !== undefined)
        await patch(app, { metadata: { annotations: { 'argocd.argoproj.io/refresh': null } } });
    }
  };
  const ended = (async () => {
    while (!isOver) {
      await look();
      await sleep(100);
    }
  })();
  return {
    stop: async () => {
      isOver = true;
      await ended;
    },
  };
}
