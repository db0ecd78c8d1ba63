import { host, restore, step } from '@cairnhq/cairn';
import { site } from '../../roles/site/index.ts';

export default step({
  summary: 'Its settings, where they differ from what the package brings',
  on: 'hosts',
  vars: site.vars,
  resources: ({ vars: { title } }) => ({
    title: host.yamlValue({ path: '/etc/greeter/greeter.yaml', at: ['page', 'title'], value: title }),
    level: host.jsonValue({ path: '/etc/greeter/log.json', at: ['level'], value: 'warning' }),
  }),
  undo: restore,
});
