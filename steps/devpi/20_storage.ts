import { k8s, restore, step } from '@cairnhq/cairn';
import { devpi, names } from '../../roles/devpi/index.ts';
import { probeJob } from '../../roles/devpi/probe-job.ts';

export default step({
  summary: 'A claim for the packages',
  on: 'cluster',
  vars: devpi.vars,

  resources: ({ vars: { namespace, storage } }) => ({
    claim: k8s.persistentVolumeClaim({
      namespace,
      name: names.claim,
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
    }),
  }),

  async verify({ vars, check, scratch, kube }) {
    const { namespace } = vars;
    const job = probeJob(vars, {
      name: 'cairn-probe-storage',
      script: devpi.read('keep.py'),
      args: [],
      claim: names.claim,
    });
    await scratch('a pod writes to the claim and reads it back', { job }, async () => {});

    await check('the claim is bound', async () => {
      const ref = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: names.claim };
      const { phase } = ((await kube.get(ref))?.status ?? {}) as { readonly phase?: string };
      if (phase !== 'Bound') throw new Error(`claim ${namespace}/${names.claim} is ${phase}, though a pod used it`);
    });
  },

  undo: restore,
});
