import { host, restore, step } from '@cairnhq/cairn';
import { gateway } from '../../roles/gateway/index.ts';
import { trust } from '../../roles/gateway/trust.ts';

export default step({
  summary: 'The local authority, trusted by this machine',
  on: 'hosts',
  vars: gateway.vars,
  resources: ({ vars }) => ({
    store: host.package({ name: 'ca-certificates' }).keep('installed packages stay'),
    openssl: host.package({ name: 'openssl' }).keep('installed packages stay'),
    ...trust(vars),
  }),

  async verify({ vars: { domain, address }, check, host }) {
    await check('programs of this machine accept the certificate of the gateway', async () => {
      const name = `nobody.${domain}`;
      const argv = ['openssl', 's_client', '-connect', `${address}:443`, '-servername', name] as const;
      const verify = [
        '-verify_hostname',
        name,
        '-verify_return_error',
        '-CAfile',
        '/etc/ssl/certs/ca-certificates.crt',
      ];
      const { status, stdout } = await host.run({ argv: [...argv, ...verify], stdin: '', timeout: 10 });
      const said = /Verify return code: .*/.exec(stdout)?.[0] ?? 'no answer';
      if (status !== 0) throw new Error(`TLS to ${name} on ${address}:443: ${said}`);
    });
  },

  undo: restore,
});
