import { k8s, restore, step } from '@cairnhq/cairn';
import { argoCd } from '../../roles/argo_cd/index.ts';
import { argoWorkflows } from '../../roles/argo_workflows/index.ts';

export default step({
  summary: "The kinds of Argo's objects, long before the first of them",
  on: 'cluster',

  // The cluster's garbage collector learns of new kinds every half minute, and no object of one goes before: it is in time for the first checks.
  resources: () => ({
    definitions: k8s.manifests({
      files: [argoWorkflows.file('argo-workflows-v3.6.10.yaml'), argoCd.file('argo-cd-v2.14.21.yaml')],
    }),
  }),

  undo: restore,
});
