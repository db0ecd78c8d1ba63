import { restore, step, T } from '@cairnhq/cairn';
import { devpi } from '../../roles/devpi/index.ts';
import { providedImages } from '../../roles/image/all.ts';
import { loadImages } from '../../roles/image/index.ts';
import { kind } from '../../roles/kind/index.ts';

export default step({
  summary: "All of them in the cluster's node",
  on: 'hosts',
  vars: T.Object({ devpi: devpi.vars, kind: kind.vars }),
  resources({ vars }) {
    const images = providedImages(vars).map(({ image }) => image);
    return { load: loadImages(vars.kind, images) };
  },
  undo: restore,
});
