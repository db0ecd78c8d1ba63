import { k8s, restore, step, tls } from '@cairnhq/cairn';
import { gateway, names } from '../../roles/gateway/index.ts';

export default step({
  summary: 'A local certificate authority, and its certificate for all names behind the gateway',
  on: 'cluster',
  vars: gateway.vars,

  resources({ vars: { namespace, domain } }) {
    const authority = tls.authority({
      namespace,
      name: names.authority,
      commonName: `Cairn local authority ${domain}`,
    });
    const certificate = authority.out.data['tls.crt'];
    return {
      namespace: k8s.namespace({ name: namespace }),
      authority,
      // whoever must trust it needs no right to read the key
      public: k8s.configMap({
        namespace,
        name: names.authority,
        data: { 'ca.crt': certificate as never },
      }),
      wildcard: tls.certificate({
        namespace,
        name: names.certificate,
        hosts: [`*.${domain}`],
        authority: authority.out.data,
      }),
    };
  },

  undo: restore,
});
