import { restore, step } from '@cairnhq/cairn';
import { loadImage } from '../../roles/image/index.ts';
import { programImage, published } from '../../roles/image/published.ts';
import { kind } from '../../roles/kind/index.ts';

export default step({
  summary: 'The image of Kaniko, which builds images, in the cluster',
  on: 'hosts',
  vars: kind.vars,

  resources({ vars }) {
    const build = programImage(vars, published.kaniko, '1 min');
    const load = loadImage(vars, published.kaniko, build);
    return { build, load };
  },

  undo: restore,
});
