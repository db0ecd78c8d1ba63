import type { KubeObject } from '../../src/model/kube.ts';
import type { Want } from '../../src/resources/kubernetes/apply/compose.ts';
import type { Fields } from '../../src/resources/kubernetes/compare/json.ts';
import type { ObjectId } from '../../src/resources/kubernetes/id.ts';
import type { Source } from './threads.ts';

/** The object with which a complaint is tried: applied, planned again, applied again. */
export interface Complaint {
  readonly source: Source;
  readonly id: ObjectId;
  readonly want: Want;
  /** What somebody else makes of the object between our apply and the next plan. */
  readonly meanwhile?: (live: KubeObject) => KubeObject;
}

const hook = {
  name: 'check.peers.test',
  clientConfig: { url: 'https://peers.test/check' },
  rules: [{ apiGroups: ['peers.test'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['nothings'] }],
  failurePolicy: 'Ignore',
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
};

const injected = Buffer.from(
  '-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUZZ\n-----END CERTIFICATE-----\n',
).toString('base64');

export const complaints: readonly Complaint[] = [
  {
    source: 'hashicorp/terraform-provider-kubernetes#2793',
    id: { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', name: 'peers-low' },
    want: { value: 50, globalDefault: false, description: 'Runs when there is room' },
  },
  {
    source: 'hashicorp/terraform-provider-kubernetes#2167',
    id: { apiVersion: 'v1', kind: 'PersistentVolume', name: 'peers-share' },
    want: {
      spec: {
        capacity: { storage: '128Gi' },
        accessModes: ['ReadWriteMany'],
        azureFile: { secretName: 'share', secretNamespace: 'default', shareName: 'files', readOnly: false },
      },
    },
  },
  {
    source: 'kubernetes/kubernetes#100572',
    id: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'peers-large' },
    want: { data: Object.fromEntries(Array.from({ length: 6000 }, (_, at) => [`key-${at}`, 'x'.repeat(100)])) },
  },
  {
    source: 'open-policy-agent/gatekeeper#817',
    id: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      name: 'peers-check',
    },
    want: { webhooks: [hook] },
    meanwhile: (live) => {
      const [only] = live.webhooks as readonly (typeof hook)[];
      return {
        ...live,
        webhooks: [{ ...only, clientConfig: { ...only?.clientConfig, caBundle: injected } }],
      } as KubeObject;
    },
  },
  {
    source: 'hashicorp/terraform-provider-kubernetes-alpha#248',
    id: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'peers-quantities' },
    want: deployment('quantities', {
      limits: { cpu: '1.0', memory: '128Mi' },
      requests: { cpu: '0.5', memory: '64Mi' },
    }),
  },
  {
    source: 'hashicorp/terraform-provider-kubernetes#2508',
    id: { apiVersion: 'v1', kind: 'ResourceQuota', namespace: 'default', name: 'peers-quota' },
    want: { spec: { hard: { 'limits.cpu': '1000', 'limits.memory': '2000Gi' } } },
  },
  {
    source: 'hashicorp/terraform#28564',
    id: { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', namespace: 'default', name: 'peers-scaler' },
    want: {
      spec: {
        minReplicas: 2,
        maxReplicas: 30,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'demo' },
        metrics: ['cpu', 'memory'].map((name) => ({
          type: 'Resource',
          resource: { name, target: { type: 'Utilization', averageUtilization: 80 } },
        })),
      },
    },
  },
  {
    source: 'ansible/ansible-kubernetes-modules#3',
    id: { apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: 'peers-string-data' },
    want: { stringData: { 'config.ini': '[main]\nkey = value\n' } },
  },
  {
    source: 'hashicorp/terraform-provider-kubernetes#2711',
    id: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'peers-restarted' },
    want: deployment('restarted'),
    meanwhile: (live) =>
      annotated(live, ['spec', 'template'], 'kubectl.kubernetes.io/restartedAt', '2025-03-28T15:24:30Z'),
  },
  {
    source: 'hashicorp/terraform-provider-kubernetes#2722',
    id: { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'default', name: 'peers-daemon' },
    want: daemonSet('daemon'),
    meanwhile: (live) => annotated(live, ['spec', 'template'], 'peers.test/checksum', 'another'),
  },
  {
    source: 'hashicorp/terraform-provider-kubernetes#1370',
    id: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'peers-revision' },
    want: deployment('revision'),
    meanwhile: (live) => annotated(live, [], 'deployment.kubernetes.io/revision', '2'),
  },
  {
    source: 'hashicorp/terraform-provider-kubernetes#2547',
    id: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'peers-operated' },
    want: { data: { key: 'value' } },
    meanwhile: (live) => ({
      ...annotated(live, [], 'operator.peers.test/version', '84'),
      metadata: {
        ...annotated(live, [], 'operator.peers.test/version', '84').metadata,
        finalizers: ['operator.peers.test/cleanup'],
      },
    }),
  },
];

function podTemplate(name: string, resources: object): object {
  return {
    metadata: { labels: { app: name } },
    spec: { containers: [{ name: 'main', image: 'peers.test/image:1', resources }] },
  };
}

function deployment(name: string, resources: object = {}): Want {
  const selector = { matchLabels: { app: name } };
  return { spec: { replicas: 0, selector, template: podTemplate(name, resources) } } as Want;
}

function daemonSet(name: string): Want {
  return { spec: { selector: { matchLabels: { app: name } }, template: podTemplate(name, {}) } } as Want;
}

function annotated(live: KubeObject, path: readonly string[], name: string, value: string): KubeObject {
  const next = structuredClone(live) as unknown as Fields;
  const at = path.reduce((inner, step) => inner[step] as Fields, next);
  const metadata = at.metadata as { annotations?: Fields };
  metadata.annotations = { ...metadata.annotations, [name]: value };
  return next as unknown as KubeObject;
}
