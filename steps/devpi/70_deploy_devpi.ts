import { restore, step } from '@cairnhq/cairn';
import { devpi, names } from '../../roles/devpi/index.ts';
import { probeJob } from '../../roles/devpi/probe-job.ts';
import { server } from '../../roles/devpi/server.ts';

export default step({
  summary: 'devpi-server with its packages on the claim',
  on: 'cluster',
  vars: devpi.vars,
  resources: ({ vars }) => server(vars),

  async verify({ vars, scratch }) {
    const job = probeJob(vars, {
      name: 'cairn-probe-service',
      script: devpi.read('answers.py'),
      args: [`http://${names.server}.${vars.namespace}:${names.port}/+api`, `https://${vars.apiHost}/+login`],
    });
    await scratch('devpi answers through its Service, and knows its name outside', { job }, async () => {});
  },

  undo: restore,
});
