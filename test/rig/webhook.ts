import { createServer, type Server } from 'node:https';
import type { KubeObject, KubeWriter, ObjectRef } from '../../src/model/kube.ts';
import { reveal } from '../../src/model/secret.ts';
import { issueAuthority, issueCertificate } from '../../src/resources/kubernetes/issued/x509.ts';

/** One JSON patch (RFC 6902). */
export type Patch = readonly {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}[];

/** A mutating webhook of the rig's API server. */
export interface Webhook {
  /** What it does to every write from now on. */
  mutate(patch: (object: KubeObject) => Patch): void;
  close(): Promise<void>;
}

/** Lets a webhook mutate the config maps of one namespace, in dry runs too. */
export async function startWebhook(cluster: KubeWriter, namespace: string): Promise<Webhook> {
  const authority = await issueAuthority('webhook', 1);
  const issuer = { certificate: authority['tls.crt'], key: reveal(authority['tls.key']) };
  const issued = await issueCertificate({ hosts: ['localhost'], days: 1, authority: issuer });
  let mutate: (object: KubeObject) => Patch = () => [];
  const server = createServer({ cert: issued['tls.crt'], key: reveal(issued['tls.key']) }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { apiVersion, kind, request: asked } = JSON.parse(Buffer.concat(chunks).toString());
      const patch = Buffer.from(JSON.stringify(mutate(asked.object))).toString('base64');
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          apiVersion,
          kind,
          response: { uid: asked.uid, allowed: true, patchType: 'JSONPatch', patch },
        }),
      );
    });
  });
  const url = `https://localhost:${await listen(server)}/`;
  const name = `webhook-${namespace}`;
  const made = await cluster.create(configurationOf({ name, namespace, url, authority: issuer.certificate }));
  return {
    mutate: (patch) => {
      mutate = patch;
    },
    close: async () => {
      const uid = made.is === 'written' ? made.object?.metadata.uid : undefined;
      await cluster.remove({ ...kind, name } satisfies ObjectRef, uid ?? '');
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const kind = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration' };

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

function configurationOf(of: { name: string; namespace: string; url: string; authority: string }): KubeObject {
  const { name, namespace, url, authority } = of;
  const webhook = {
    name: 'mutate.cairn.test',
    clientConfig: { url, caBundle: Buffer.from(authority).toString('base64') },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['CREATE', 'UPDATE'] }],
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    timeoutSeconds: 5,
  };
  return { ...kind, metadata: { name }, webhooks: [webhook] };
}
