import { restore, step } from '@cairnhq/cairn';
import { gitJob } from '../../roles/git_server/git-job.ts';
import { gitServer } from '../../roles/git_server/index.ts';
import { server } from '../../roles/git_server/server.ts';

export default step({
  summary: 'A Git server over SSH, with a deploy key and a host key that others can know',
  on: 'cluster',
  vars: gitServer.vars,
  resources: ({ vars }) => server(vars),

  async verify({ vars, scratch }) {
    const job = gitJob(vars, { name: 'cairn-probe-git', script: gitServer.read('journey.sh') });
    await scratch('a commit is pushed and fetched; strangers and shells are refused', { job }, async () => {});
  },

  undo: restore,
});
