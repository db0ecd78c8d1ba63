import { restore, step } from '@cairnhq/cairn';
import { gitServer } from '../../roles/git_server/index.ts';
import { journeyJob } from '../../roles/git_server/journey-job.ts';
import { server } from '../../roles/git_server/server.ts';

export default step({
  summary: 'A Git server over SSH, with a deploy key and a host key that others can know',
  on: 'cluster',
  vars: gitServer.vars,
  resources: ({ vars }) => server(vars),

  async verify({ vars, scratch }) {
    const job = journeyJob(vars);
    await scratch('a commit is pushed and fetched; strangers and shells are refused', { job }, async () => {});
  },

  undo: restore,
});
