import { isObject, type Mutable, objectAt } from './kube-json.ts';

/** Fills in what the API fills in for common kinds, so that a wish and the world differ as they do in reality. */
export function fillDefaults(object: Mutable, nextAddress: () => string): void {
  const spec = object.spec;
  switch (object.kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
      fillWorkload(String(object.kind), objectAt(object, 'spec'));
      break;
    case 'Job':
      fillJob(objectAt(object, 'spec'));
      break;
    case 'Pod':
      fillPod(objectAt(object, 'spec'), 'Always');
      break;
    case 'Service':
      fillService(objectAt(object, 'spec'), nextAddress);
      break;
    case 'PersistentVolumeClaim':
      fill(objectAt(object, 'spec'), { volumeMode: 'Filesystem', storageClassName: 'standard' });
      break;
    case 'StorageClass':
      fill(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' });
      break;
    case 'Secret':
      fill(object, { type: 'Opaque' });
      break;
    case 'NetworkPolicy':
      fill(objectAt(object, 'spec'), {
        policyTypes: ['Ingress', ...(isObject(spec) && spec.egress ? ['Egress'] : [])],
      });
      break;
    case 'Namespace':
      fill(objectAt(object, 'spec'), { finalizers: ['kubernetes'] });
      fill(objectAt(objectAt(object, 'metadata'), 'labels'), {
        'kubernetes.io/metadata.name': objectAt(object, 'metadata').name,
      });
      fill(objectAt(object, 'status'), { phase: 'Active' });
      break;
  }
}

function fill(target: Mutable, defaults: Mutable): void {
  for (const [field, value] of Object.entries(defaults)) target[field] ??= value;
}

function fillWorkload(kind: string, spec: Mutable): void {
  fill(spec, { revisionHistoryLimit: 10, ...(kind === 'DaemonSet' ? {} : { replicas: 1 }) });
  if (kind === 'Deployment') {
    fill(spec, { progressDeadlineSeconds: 600 });
    fill(objectAt(spec, 'strategy'), { type: 'RollingUpdate' });
    if (objectAt(spec, 'strategy').type === 'RollingUpdate') {
      fill(objectAt(objectAt(spec, 'strategy'), 'rollingUpdate'), { maxSurge: '25%', maxUnavailable: '25%' });
    } else delete objectAt(spec, 'strategy').rollingUpdate;
  }
  if (kind === 'StatefulSet') fill(spec, { podManagementPolicy: 'OrderedReady' });
  fillPod(objectAt(objectAt(spec, 'template'), 'spec'), 'Always');
}

function fillJob(spec: Mutable): void {
  fill(spec, { backoffLimit: 6, completions: 1, parallelism: 1, suspend: false, completionMode: 'NonIndexed' });
  fillPod(objectAt(objectAt(spec, 'template'), 'spec'), 'Never');
}

function fillPod(spec: Mutable, restartPolicy: string): void {
  fill(spec, {
    restartPolicy,
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  });
  for (const container of [...items(spec.containers), ...items(spec.initContainers)]) fillContainer(container);
  for (const volume of items(spec.volumes)) {
    if (isObject(volume.secret)) fill(volume.secret, { defaultMode: 420 });
    if (isObject(volume.configMap)) fill(volume.configMap, { defaultMode: 420 });
  }
}

function fillContainer(container: Mutable): void {
  const image = String(container.image ?? '');
  const isLatest = image.endsWith(':latest') || !/:[^/]+$/.test(image);
  fill(container, {
    imagePullPolicy: isLatest ? 'Always' : 'IfNotPresent',
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
  for (const port of items(container.ports)) fill(port, { protocol: 'TCP' });
}

function fillService(spec: Mutable, nextAddress: () => string): void {
  fill(spec, {
    type: 'ClusterIP',
    sessionAffinity: 'None',
    internalTrafficPolicy: 'Cluster',
    ipFamilyPolicy: 'SingleStack',
  });
  if (spec.type !== 'ExternalName') spec.clusterIP ??= nextAddress();
  for (const port of items(spec.ports)) fill(port, { protocol: 'TCP', targetPort: port.port });
}

function items(value: unknown): readonly Mutable[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
