import { restore, step } from '@cairnhq/cairn';
import { cluster, kind } from '../../roles/kind/index.ts';

export default step({
  summary: 'A kind cluster with an audit log, ports 80 and 443 on loopback, and its own kubeconfig',
  on: 'hosts',
  vars: kind.vars,
  resources: ({ vars }) => ({ cluster: cluster(vars) }),
  async verify({ vars, host, check }) {
    await check("its kubeconfig is nobody else's to read", async () => {
      const { stdout } = await host.run({ argv: ['stat', '-c', '%a', `${vars.state}/kubeconfig`] });
      if (stdout.trim() !== '600') throw new Error(`${vars.state}/kubeconfig has mode ${stdout.trim()}, expected 600`);
    });
    await check('the audit log records writes', async () => {
      const { status } = await host.run({ argv: ['grep', '-qm1', '"verb":"create"', `${vars.state}/audit/audit.log`] });
      if (status !== 0) throw new Error(`${vars.state}/audit/audit.log holds no write`);
    });
  },
  undo: restore,
});
