import { restore, step } from '@cairnhq/cairn';
import { providedImages } from '../../roles/image/all.ts';
import { kind } from '../../roles/kind/index.ts';

export default step({
  summary: 'The image of each program, published or built from packages, as an archive in the cache',
  on: 'hosts',
  vars: kind.vars,
  resources: ({ vars }) =>
    Object.fromEntries(providedImages(vars).map(({ image, archive }) => [image.archive, archive])),
  undo: restore,
});
