import type { KubeObject } from '../../src/model/kube.ts';
import type { Want } from '../../src/resources/kubernetes/apply/compose.ts';
import type { ObjectId } from '../../src/resources/kubernetes/id.ts';

/** What users of another tool complain of, and the object with which it is tried here. */
export interface Complaint {
  /** A thread that says so: `owner/repo#number`. */
  readonly source: string;
  readonly says: string;
  readonly cairn: string;
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
    says: 'A `false` that the server leaves out fails the apply: `globalDefault: was False, but now null`',
    cairn: 'applies it and plans nothing afterwards',
    id: { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', name: 'peers-low' },
    want: { value: 50, globalDefault: false, description: 'Runs when there is room' },
  },
  {
    source: 'hashicorp/terraform-provider-kubernetes#2167',
    says: 'A volume with `readOnly: false` is created, and yet reported as failed',
    cairn: 'applies it and plans nothing afterwards',
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
    says: 'A large object is refused, because a copy of it in an annotation passes 262144 bytes',
    cairn: 'keeps no copy of the object in it: 600 KiB are applied, and nothing is planned afterwards',
    id: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'peers-large' },
    want: { data: Object.fromEntries(Array.from({ length: 6000 }, (_, at) => [`key-${at}`, 'x'.repeat(100)])) },
  },
  {
    source: 'open-policy-agent/gatekeeper#817',
    says: 'Every deploy overwrites the `caBundle` that a controller put into a webhook',
    cairn: 'leaves a field alone that the step doesn’t set',
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
];
