import { k8s, restore, step } from '@cairnhq/cairn';
import { allowed, rights } from '../../roles/devpi/account.ts';
import { devpi, names } from '../../roles/devpi/index.ts';
import { probeJob } from '../../roles/devpi/probe-job.ts';

export default step({
  summary: 'A namespace for the index, and an account for its workloads that sees this namespace alone',
  on: 'cluster',
  vars: devpi.vars,

  resources({ vars: { namespace } }) {
    const subjects = [{ kind: 'ServiceAccount', name: names.account, namespace }] as const;
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: names.account } as const;
    return {
      namespace: k8s.namespace({ name: namespace, labels: { 'app.kubernetes.io/part-of': 'devpi' } }),
      account: k8s.serviceAccount({ namespace, name: names.account }),
      role: k8s.role({ namespace, name: names.account, rules: [allowed] }),
      binding: k8s.roleBinding({ namespace, name: names.account, roleRef, subjects }),
    };
  },

  async verify({ vars, check, scratch, kube }) {
    const { namespace } = vars;

    await check('the namespace is active', async () => {
      const found = await kube.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
      const { phase } = (found?.status ?? {}) as { readonly phase?: string };
      if (phase !== 'Active') throw new Error(`Namespace ${namespace} is ${phase ?? 'missing'}, expected Active`);
    });

    const job = probeJob(vars, {
      name: 'cairn-probe-account',
      script: devpi.read('may.py'),
      args: rights(namespace),
      token: true,
    });
    await scratch('the account may look at its namespace, and at nothing else', { job }, async () => {});
  },

  undo: restore,
});
