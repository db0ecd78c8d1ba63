import { restore, step } from '@cairnhq/cairn';
import { loadImage } from '../../roles/image/index.ts';
import { programImage, published } from '../../roles/image/published.ts';
import { kind } from '../../roles/kind/index.ts';

export default step({
  summary: 'The images of Argo Workflows, controller and executor, in the cluster',
  on: 'hosts',
  vars: kind.vars,

  resources({ vars }) {
    const controller = programImage(vars, published.workflowController, '3 min');
    const executor = programImage(vars, published.argoexec, '3 min');
    return {
      controller,
      executor,
      loadController: loadImage(vars, published.workflowController, controller),
      loadExecutor: loadImage(vars, published.argoexec, executor),
    };
  },

  undo: restore,
});
