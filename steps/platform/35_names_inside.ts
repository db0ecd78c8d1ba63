import { restore, step } from '@cairnhq/cairn';
import { gateway, names } from '../../roles/gateway/index.ts';
import { gatewayService, lookUp, namesInside } from '../../roles/gateway/names-inside.ts';

export default step({
  summary: 'The same names inside the cluster: pods come to the gateway by them, too',
  on: 'cluster',
  vars: gateway.vars,
  resources: ({ vars }) => ({ service: gatewayService(vars), ...namesInside(vars) }),

  async verify({ vars, check, scratch, kube }) {
    const { namespace, domain } = vars;
    const service = await kube.get({ apiVersion: 'v1', kind: 'Service', namespace, name: names.gateway });
    const { clusterIP: address = '' } = (service?.spec ?? {}) as { readonly clusterIP?: string };
    await check('pods have an address of the gateway', async () => {
      if (!/^[0-9a-f.:]+$/.test(address)) throw new Error(`Service ${namespace}/${names.gateway} has no address`);
    });
    const job = lookUp(vars, { name: `nobody.${domain}`, address });
    await scratch('a pod finds the gateway by a name beneath the domain', { job }, async () => {});
  },

  undo: restore,
});
