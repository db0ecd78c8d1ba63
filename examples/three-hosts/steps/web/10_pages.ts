import { host, restore, step } from '@cairnhq/cairn';
import { site } from '../../roles/site/index.ts';

export default step({
  summary: 'The pages of release 1.0, and which release is live',
  on: 'hosts',
  vars: site.vars,
  resources: ({ vars: { folder } }) => ({
    folder: host.directory({ path: folder }),
    release: host.directory({ path: `${folder}/1.0` }),
    pages: host.archive({ path: `${folder}/1.0`, source: site.file('site-1.0.tar.gz'), strip: 1, owner: 'root' }),
    current: host.link({ path: `${folder}/current`, target: `${folder}/1.0` }),
  }),
  undo: restore,
});
