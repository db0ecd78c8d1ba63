import { expect, it } from 'vitest';
import { handleOf } from '../../../src/model/resource.ts';
import { cronJob, networkPolicy, service } from '../../../src/resources/kubernetes/kinds/built-in.ts';
import { configMap } from '../../../src/resources/kubernetes/kinds/config-map.ts';

const named = { namespace: 'a', name: 'b' };

it('a spec is checked against the API, and any value in it may be known later', () => {
  const map = configMap({ ...named, data: {} });
  const good = service({ ...named, spec: { clusterIP: map.out.uid, ports: [{ port: 80, targetPort: 'http' }] } });
  expect(handleOf(good).id).toMatchObject({ kind: 'Service' });
  networkPolicy({ ...named, spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] } });
  // @ts-expect-error no such field
  service({ ...named, spec: { port: 80 } });
  // @ts-expect-error a port is a number
  service({ ...named, spec: { ports: [{ port: '80' }] } });
  // @ts-expect-error on the wire it is called from
  networkPolicy({ ...named, spec: { podSelector: {}, ingress: [{ _from: [] }] } });
  // @ts-expect-error a schedule is required
  cronJob({ ...named, spec: { jobTemplate: {} } });
});
