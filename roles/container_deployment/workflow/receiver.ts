import { github, k8s, type Resource } from '@cairnhq/cairn';
import { route } from '../../gateway/route.ts';
import { names as gitNames } from '../../git_server/index.ts';
import { unprivileged } from '../../workload/confined.ts';
import { singleServer } from '../../workload/single-server.ts';
import { containerDeployment, imagesOf, names } from '../index.ts';
import { isOnOwnServer } from '../repo/index.ts';
import type { Vars } from './index.ts';

const name = names.build;

/**
 * What hears of pushes and starts a build at once: for the Git server of the cluster by its Service, for others by a name behind the gateway.
 * @param pushed what it need not hear of when it is new
 */
export function receiver(vars: Vars, pushed: readonly Resource<unknown>[]) {
  const { namespace } = vars.containerDeployment;
  const port = { name: 'http', number: names.port };
  const signed = signature(vars);
  // a mounted Secret follows a change within a minute or two
  const annotations = k8s.restartWhen(signed.webhook);
  const { deployment, service } = singleServer({ namespace, name, port, annotations, pod: pod(vars) }, pushed);
  return {
    ...signed,
    ...rights(namespace),
    receiver: deployment,
    receiverService: service,
    ...wayIn(vars, { signed: signed.webhook, receiver: deployment }),
  };
}

/** The name behind the gateway, and GitHub told of it: once somebody listens there, since it sends a first word at once. */
function wayIn(vars: Vars, { signed, receiver }: { readonly signed: Signed; readonly receiver: Resource<unknown> }) {
  const { namespace, webhookHost: host, isGithub, repository } = vars.containerDeployment;
  if (host === '') return {};
  const way = { namespace, name, host, service: name, port: names.port };
  const receiverRoute = route('HTTPRoute', vars.gateway.namespace, way);
  if (!isGithub) return { receiverRoute };
  const hook = { events: ['push'], content_type: 'json', secret: signed.out.data.secret } as const;
  const after = [receiver, receiverRoute];
  return { receiverRoute, githubWebhook: github.webhook({ repository, url: `https://${host}/`, ...hook }, { after }) };
}

type Signed = ReturnType<typeof k8s.secret<'secret'>>;

// Both sides sign by the same; the cluster's own Git server has it first.
function signature(vars: Vars) {
  const { namespace } = vars.containerDeployment;
  const place = { namespace, name: names.webhook };
  if (!isOnOwnServer(vars)) return { webhook: k8s.secret({ ...place, data: { secret: k8s.generated(32) } }) };
  const from = { namespace: vars.gitServer.namespace, name: gitNames.webhook };
  const theirs = k8s.existing.secret({ ...from, keys: ['secret'] });
  return { serverWebhook: theirs, webhook: k8s.secret({ ...place, data: { secret: theirs.out.data.secret } }) };
}

function rights(namespace: string) {
  const subjects = [{ kind: 'ServiceAccount', name, namespace }] as const;
  const argo = ['argoproj.io'];
  return {
    receiverAccount: k8s.serviceAccount({ namespace, name }),
    receiverRole: k8s.role({
      namespace,
      name,
      rules: [
        { apiGroups: argo, resources: ['workflows'], verbs: ['create'] },
        { apiGroups: argo, resources: ['workflowtemplates'], verbs: ['get'], resourceNames: [names.build] },
      ],
    }),
    receiverBinding: k8s.roleBinding({
      namespace,
      name,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects,
    }),
  };
}

function pod({ containerDeployment: vars }: Vars) {
  const probe = { httpGet: { path: '/healthz', port: 'http' } };
  const program = containerDeployment.read('receiver.py');
  return {
    serviceAccountName: name,
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'receiver',
        image: imagesOf(vars).receiver,
        imagePullPolicy: 'IfNotPresent',
        command: ['python3', '-c', program, vars.namespace, names.build, vars.branch, String(names.port)],
        ports: [{ name: 'http', containerPort: names.port }],
        readinessProbe: { ...probe, periodSeconds: 1 },
        livenessProbe: { ...probe, periodSeconds: 30, failureThreshold: 4 },
        resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
        securityContext: unprivileged,
        volumeMounts: [{ name: 'webhook', mountPath: '/run/secrets/webhook', readOnly: true }],
      },
    ],
    volumes: [{ name: 'webhook', secret: { secretName: names.webhook } }],
  };
}
