import { k8s, type VarsOf } from '@cairnhq/cairn';
import { published } from '../image/published.ts';
import { endpointOf, type objectStore, names as storeNames } from '../object_store/index.ts';
import { unprivileged } from '../workload/confined.ts';
import { controllerAccess, executorAccess } from './access.ts';
import { type argoWorkflows, names } from './index.ts';

export interface Vars {
  readonly argoWorkflows: VarsOf<typeof argoWorkflows>;
  readonly objectStore: VarsOf<typeof objectStore>;
}

const labels = { 'app.kubernetes.io/name': names.controller };

/** The controller, what it may do, and where workflows leave what they made. */
export function controller(vars: Vars) {
  const { namespace } = vars.argoWorkflows;
  const store = vars.objectStore.namespace;
  const login = k8s.existing.secret({ namespace: store, name: storeNames.login, keys: ['user', 'password'] });
  const artifacts = k8s.secret({
    namespace,
    name: names.artifacts,
    data: { user: login.out.data.user, password: login.out.data.password },
  });
  const settings = k8s.configMap({ namespace, name: names.settings, data: settingsOf(vars) });
  const deployment = k8s.deployment({
    namespace,
    name: names.controller,
    labels,
    spec: {
      replicas: 1,
      // one at a time, since none is elected
      strategy: { type: 'Recreate' },
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: pod(vars.argoWorkflows) },
    },
  });
  return {
    namespace: k8s.namespace({ name: namespace }),
    store: login,
    artifacts,
    settings,
    ...controllerAccess(vars.argoWorkflows),
    ...executorAccess(vars.argoWorkflows),
    deployment,
  };
}

// It reads them again whenever they change.
function settingsOf({ objectStore }: Vars): Readonly<Record<string, string>> {
  const key = (name: string) => ({ name: names.artifacts, key: name });
  const s3 = {
    endpoint: endpointOf(objectStore),
    insecure: true,
    bucket: objectStore.bucket,
    keyFormat: '{{workflow.name}}/{{pod.name}}',
    accessKeySecret: key('user'),
    secretKeySecret: key('password'),
  };
  return { artifactRepository: JSON.stringify({ archiveLogs: false, s3 }) };
}

function pod({ controllerImage, executorImage }: Vars['argoWorkflows']) {
  const healthy = { httpGet: { path: '/healthz', port: 'health' } };
  return {
    serviceAccountName: names.controller,
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true, runAsUser: 8737, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'controller',
        image: controllerImage || published.workflowController.tag,
        imagePullPolicy: 'IfNotPresent',
        command: ['workflow-controller'],
        args: [
          '--namespaced',
          '--configmap',
          names.settings,
          '--executor-image',
          executorImage || published.argoexec.tag,
          '--executor-image-pull-policy',
          'IfNotPresent',
        ],
        env: [
          { name: 'LEADER_ELECTION_DISABLE', value: 'true' },
          // by default it looks at a workflow again after ten seconds
          { name: 'DEFAULT_REQUEUE_TIME', value: '1s' },
        ],
        ports: [{ name: 'health', containerPort: 6060 }],
        readinessProbe: { ...healthy, periodSeconds: 1 },
        livenessProbe: { ...healthy, periodSeconds: 60, timeoutSeconds: 30 },
        resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '512Mi' } },
        securityContext: unprivileged,
      },
    ],
  };
}
