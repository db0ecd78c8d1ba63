import { derive, k8s, ssh, text, type VarsOf } from '@cairnhq/cairn';
import { builtImage } from '../image/index.ts';
import { asUser, unprivileged } from '../workload/confined.ts';
import { claimFor, singleServer } from '../workload/single-server.ts';
import { gitServer, hostOf, names } from './index.ts';

type Vars = VarsOf<typeof gitServer>;

const uid = 10003;

/** An sshd that knows Git alone, its repositories on a claim, and the keys of both sides. */
export function server(vars: Vars) {
  const { namespace, storage, authorizedKeys, webhooks } = vars;
  const host = hostOf(vars);
  const hostKey = ssh.keyPair({ namespace, name: names.hostKey, comment: host });
  const deployKey = ssh.keyPair({ namespace, name: names.deployKey, comment: 'cairn deploy key' });
  // public keys, of a Secret: whoever must know them needs no right to read the private ones
  const permitted = derive([deployKey.out.data['ssh-publickey']], (key) => [key, ...authorizedKeys, ''].join('\n'));
  const known = text`${host} ${hostKey.out.data['ssh-publickey']}\n`;
  const keys = k8s.configMap({ namespace, name: names.keys, data: { authorized_keys: permitted as never } });
  const knownHosts = k8s.configMap({ namespace, name: names.knownHosts, data: { ssh_known_hosts: known as never } });
  const hooks = k8s.configMap({
    namespace,
    name: names.hooks,
    data: {
      gitconfig: '[core]\n\thooksPath = /etc/git-hooks\n',
      'post-receive': gitServer.read('post-receive.pl'),
      urls: webhooks.map((url) => `${url}\n`).join(''),
    },
  });
  const claim = claimFor(namespace, names.server, storage);
  // sshd reads its own key at its start, and who may come in at each login
  const annotations = k8s.restartWhen(hostKey);
  const port = { name: 'ssh', number: 22 };
  const { deployment, service } = singleServer({ namespace, name: names.server, port, annotations, pod: pod(vars) });
  return {
    namespace: k8s.namespace({ name: namespace }),
    hostKey,
    deployKey,
    keys,
    knownHosts,
    webhook: k8s.secret({ namespace, name: names.webhook, data: { secret: k8s.generated(32) } }),
    hooks,
    claim,
    deployment,
    service,
  };
}

/** As which user a pod of this image runs. */
export const securityContext = asUser(uid);

function pod({ image, repositories }: Vars) {
  const probe = { tcpSocket: { port: 'ssh' } };
  const container = {
    name: 'git',
    image: image || builtImage('git').tag,
    imagePullPolicy: 'IfNotPresent',
    args: repositories,
    ports: [{ name: 'ssh', containerPort: names.port }],
    readinessProbe: { ...probe, periodSeconds: 1 },
    livenessProbe: { ...probe, periodSeconds: 20, failureThreshold: 6 },
    resources: { requests: { cpu: '20m', memory: '32Mi' }, limits: { memory: '256Mi' } },
    securityContext: unprivileged,
    volumeMounts: [
      { name: 'data', mountPath: '/srv/git' },
      { name: 'host', mountPath: '/run/git/host', readOnly: true },
      { name: 'keys', mountPath: '/run/git/keys', readOnly: true },
      { name: 'gitconfig', mountPath: '/etc/gitconfig', subPath: 'gitconfig', readOnly: true },
      { name: 'hooks', mountPath: '/etc/git-hooks', readOnly: true },
      { name: 'webhooks', mountPath: '/run/git/webhooks', readOnly: true },
      { name: 'webhook', mountPath: '/run/git/webhook', readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
  const item = (key: string) => [{ key, path: key }];
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext,
    containers: [container],
    volumes: [
      { name: 'data', persistentVolumeClaim: { claimName: names.server } },
      // sshd takes no private key that its own user owns and others may read
      { name: 'host', secret: { secretName: names.hostKey, items: item('ssh-privatekey'), defaultMode: 0o440 } },
      { name: 'keys', configMap: { name: names.keys } },
      { name: 'gitconfig', configMap: { name: names.hooks, items: item('gitconfig') } },
      { name: 'hooks', configMap: { name: names.hooks, items: item('post-receive'), defaultMode: 0o555 } },
      { name: 'webhooks', configMap: { name: names.hooks, items: item('urls') } },
      { name: 'webhook', secret: { secretName: names.webhook } },
      { name: 'tmp', emptyDir: {} },
    ],
  };
}
