import { restore, step } from '@cairnhq/cairn';
import { loadImage } from '../../roles/image/index.ts';
import { programImage, published } from '../../roles/image/published.ts';
import { kind } from '../../roles/kind/index.ts';

export default step({
  summary: 'The image of MinIO, in the cluster',
  on: 'hosts',
  vars: kind.vars,

  resources({ vars }) {
    const build = programImage(vars, published.minio, '2 min');
    const load = loadImage(vars, published.minio, build);
    return { build, load };
  },

  undo: restore,
});
