import { restore, step } from '@cairnhq/cairn';
import { buildImage, builtImage, loadImage } from '../../roles/image/index.ts';
import { kind } from '../../roles/kind/index.ts';

export default step({
  summary: 'The image of Keycloak, built and in the cluster',
  on: 'hosts',
  vars: kind.vars,

  resources({ vars }) {
    const build = buildImage(vars, 'keycloak', '2 min');
    const load = loadImage(vars, builtImage('keycloak'), build);
    return { build, load };
  },

  undo: restore,
});
