import { restore, step } from '@cairnhq/cairn';
import { buildImage, builtImage, loadImage } from '../../roles/image/index.ts';
import { kind } from '../../roles/kind/index.ts';

export default step({
  summary: 'The image of the Git server, built and in the cluster',
  on: 'hosts',
  vars: kind.vars,

  resources({ vars }) {
    const build = buildImage(vars, 'git', '30 s');
    const load = loadImage(vars, builtImage('git'), build);
    return { build, load };
  },

  undo: restore,
});
