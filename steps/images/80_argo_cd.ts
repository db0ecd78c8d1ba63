import { restore, step } from '@cairnhq/cairn';
import { argoCdImage, buildArgoCdImage } from '../../roles/image/argo-cd.ts';
import { loadImage } from '../../roles/image/index.ts';
import { kind } from '../../roles/kind/index.ts';

export default step({
  summary: 'The image of Argo CD, in the cluster',
  on: 'hosts',
  vars: kind.vars,

  resources({ vars }) {
    const build = buildArgoCdImage(vars, '6 min');
    const load = loadImage(vars, argoCdImage(), build);
    return { build, load };
  },

  undo: restore,
});
