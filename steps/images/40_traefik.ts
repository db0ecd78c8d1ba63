import { restore, step } from '@cairnhq/cairn';
import { loadImage, makeArchive } from '../../roles/image/index.ts';
import { kind } from '../../roles/kind/index.ts';

const traefik = { tag: 'docker.io/library/traefik:v3.5.0', archive: 'traefik-v3.5.0.tar' };

export default step({
  summary: 'The image of Traefik, built and in the cluster',
  on: 'hosts',
  vars: kind.vars,

  resources({ vars }) {
    const build = makeArchive(vars, traefik.archive, '5 min', ['traefik.sh', vars.cache]);
    const load = loadImage(vars, traefik, build);
    return { build, load };
  },

  undo: restore,
});
