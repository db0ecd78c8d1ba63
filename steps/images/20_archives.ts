import { restore, step, T } from '@cairnhq/cairn';
import { devpi } from '../../roles/devpi/index.ts';
import { providedImages } from '../../roles/image/all.ts';
import { kind } from '../../roles/kind/index.ts';

export default step({
  summary: 'The image of each program, published or built from packages, as an archive in the cache',
  on: 'hosts',
  vars: T.Object({ devpi: devpi.vars, kind: kind.vars }),
  resources: ({ vars }) =>
    Object.fromEntries(providedImages(vars).map(({ image, archive }) => [image.archive, archive])),
  undo: restore,
});
