import { host, restore, step } from '@cairnhq/cairn';
import { gateway } from '../../roles/gateway/index.ts';

export default step({
  summary: 'The names behind the gateway, for programs on this machine',
  on: 'hosts',
  vars: gateway.vars,

  resources: ({ vars: { hosts, address } }) =>
    Object.fromEntries(hosts.map((name) => [name, host.hostsEntry({ name, address })])),

  async verify({ vars: { hosts, address }, check, host }) {
    for (const name of hosts) {
      await check(`${name} leads to the gateway`, async () => {
        const { stdout } = await host.run({ argv: ['getent', 'ahostsv4', name] });
        const [found = 'nothing'] = stdout.split(/\s/);
        if (found !== address) throw new Error(`getent ahostsv4 ${name} → ${found}, expected ${address}`);
      });
    }
  },

  undo: restore,
});
