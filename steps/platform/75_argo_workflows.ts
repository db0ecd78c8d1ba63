import { restore, step, T } from '@cairnhq/cairn';
import { controller } from '../../roles/argo_workflows/controller.ts';
import { greeting, hello } from '../../roles/argo_workflows/hello.ts';
import { argoWorkflows } from '../../roles/argo_workflows/index.ts';
import { gateway } from '../../roles/gateway/index.ts';
import { demand } from '../../roles/object_store/api.ts';
import { objectStore } from '../../roles/object_store/index.ts';

export default step({
  summary: 'Argo Workflows, which keeps what workflows leave in the object store',
  on: 'cluster',
  vars: T.Object({ argoWorkflows: argoWorkflows.vars, gateway: gateway.vars, objectStore: objectStore.vars }),

  resources: ({ vars }) => controller(vars),

  async verify({ vars, check, scratch, http, kube }) {
    const outside = { http, kube };
    const path = `/${vars.objectStore.bucket}/${greeting.key}`;

    const workflow = hello(vars.argoWorkflows);
    await scratch('a workflow runs to its end, and what it leaves is in the bucket', { workflow }, async () => {
      const { body } = await demand(vars, outside, { method: 'GET', path }, [200]);
      if (body !== greeting.text) throw new Error(`${path} is "${body.slice(0, 80)}", expected "${greeting.text}"`);
    });

    await check('what it left is gone again', async () => {
      await demand(vars, outside, { method: 'DELETE', path }, [204]);
    });
  },

  undo: restore,
});
