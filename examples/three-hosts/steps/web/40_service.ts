import { host, restore, step } from '@cairnhq/cairn';
import { site } from '../../roles/site/index.ts';

export default step({
  summary: 'The site is served, now and after the next start',
  on: 'hosts',
  vars: site.vars,
  resources: ({ vars: { port, folder } }) => ({
    unit: host.file({
      path: '/etc/systemd/system/greeter.service',
      content: site.template('greeter.service', { port, folder }),
    }),
    service: host.service({ name: 'greeter', state: 'running', boot: 'enabled' }),
    listens: host.portOpen({ port }, { within: 20_000 }),
    answers: host.httpAnswers({ url: `http://127.0.0.1:${port}/health` }, { within: 20_000 }),
  }),
  async verify({ vars: { port }, check, host }) {
    await check('a visitor sees the page', async () => {
      const page = await host.run({ argv: ['wget', '-q', '-O', '-', `http://127.0.0.1:${port}/`] });
      if (!page.stdout.includes('<h1>')) throw new Error(`the page says ${page.stdout || page.stderr}`);
    });
  },
  undo: restore,
});
