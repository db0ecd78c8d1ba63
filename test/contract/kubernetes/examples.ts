import type { Resource } from '../../../src/model/resource.ts';
import * as kinds from '../../../src/resources/kubernetes/kinds/built-in.ts';
import { configMap } from '../../../src/resources/kubernetes/kinds/config-map.ts';
import { job } from '../../../src/resources/kubernetes/kinds/job.ts';
import { secret } from '../../../src/resources/kubernetes/kinds/secret.ts';

const labels = { app: 'web' };
const pod = { containers: [{ name: 'web', image: 'web:1', ports: [{ containerPort: 80 }] }] };
const template = { metadata: { labels }, spec: pod };
const selector = { matchLabels: labels };
const storage = { resources: { requests: { storage: '1Gi' } } };
const rules = [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'] }];
const subjects = [{ kind: 'ServiceAccount', name: 'web', namespace: 'default' }] as const;
const group = 'rbac.authorization.k8s.io';
const oneShot = { template: { spec: { ...pod, restartPolicy: 'Never' } } };

/** One of each kind that has a helper, in the short form in which a person writes it. */
export function examples(namespace: string): Readonly<Record<string, Resource<unknown>>> {
  const named = { namespace, name: 'web' };
  const wide = { name: `web-${namespace}` };
  return {
    ConfigMap: configMap({ ...named, data: { a: '1' }, binaryData: { b: new Uint8Array([0, 255]) } }),
    Secret: secret({ ...named, data: { a: '1' } }),
    Service: kinds.service({ ...named, spec: { selector: labels, ports: [{ port: 80, targetPort: 'http' }] } }),
    ServiceAccount: kinds.serviceAccount({ ...named, automountServiceAccountToken: false }),
    PersistentVolumeClaim: kinds.persistentVolumeClaim({
      ...named,
      spec: { accessModes: ['ReadWriteOnce'], ...storage },
    }),
    Pod: kinds.pod({ ...named, spec: pod }),
    ResourceQuota: kinds.resourceQuota({ ...named, spec: { hard: { pods: '10', 'requests.cpu': '2' } } }),
    LimitRange: kinds.limitRange({
      ...named,
      spec: { limits: [{ type: 'Container', default: { cpu: '500m', memory: '1Gi' } }] },
    }),
    Deployment: kinds.deployment({ ...named, spec: { replicas: 0, selector, template } }),
    StatefulSet: kinds.statefulSet({ ...named, spec: { serviceName: 'web', selector, template } }),
    DaemonSet: kinds.daemonSet({ ...named, spec: { selector, template } }),
    CronJob: kinds.cronJob({ ...named, spec: { schedule: '0 3 * * *', jobTemplate: { spec: oneShot } } }),
    Job: job({ ...named, name: 'once', spec: oneShot }),
    NetworkPolicy: kinds.networkPolicy({
      ...named,
      spec: {
        podSelector: {},
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }],
      },
    }),
    Ingress: kinds.ingress({
      ...named,
      spec: {
        rules: [
          {
            host: 'web.example',
            http: {
              paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }],
            },
          },
        ],
      },
    }),
    PodDisruptionBudget: kinds.podDisruptionBudget({ ...named, spec: { minAvailable: 1, selector } }),
    HorizontalPodAutoscaler: kinds.horizontalPodAutoscaler({
      ...named,
      spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
    }),
    Role: kinds.role({ ...named, rules }),
    RoleBinding: kinds.roleBinding({ ...named, roleRef: { apiGroup: group, kind: 'Role', name: 'web' }, subjects }),
    ClusterRole: kinds.clusterRole({ ...wide, rules }),
    ClusterRoleBinding: kinds.clusterRoleBinding({
      ...wide,
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: wide.name },
      subjects,
    }),
    PriorityClass: kinds.priorityClass({ ...wide, value: 1000, description: 'first' }),
    StorageClass: kinds.storageClass({
      ...wide,
      provisioner: 'none.example',
      volumeBindingMode: 'WaitForFirstConsumer',
    }),
    PersistentVolume: kinds.persistentVolume({
      ...wide,
      spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/tmp/web' } },
    }),
    IngressClass: kinds.ingressClass({ ...wide, spec: { controller: 'web.example/ingress' } }),
  };
}
