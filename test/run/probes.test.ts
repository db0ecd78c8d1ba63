import { describe, expect, it } from 'vitest';
import { FakeKube } from '../../src/connect/fake/kube.ts';
import { http } from '../../src/connect/http/http.ts';
import { restore, type Step, step, type VerifyContext } from '../../src/model/step.ts';
import { deployment, service } from '../../src/resources/kubernetes/kinds/built-in.ts';
import { World } from '../rig/world.ts';

const labels = { app: 'web' };
const named = { namespace: 'default', name: 'web' };

type Look = (context: Pick<VerifyContext<unknown, never>, 'kube' | 'http'>) => Promise<void>;

function shop(look: Look): Readonly<Record<string, Step>> {
  const only = step({
    summary: 'A shop behind a service',
    on: 'cluster',
    undo: restore,
    resources() {
      const containers = [{ name: 'web', image: 'web:1', ports: [{ name: 'http', containerPort: 8080 }] }];
      const spec = { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } };
      const web = deployment({ ...named, spec });
      const ports = [{ name: 'web', port: 80, targetPort: 'http' }];
      return { web, service: service({ ...named, spec: { selector: labels, ports } }) };
    },
    verify: ({ check, kube, http: client }) => check('it answers', () => look({ kube, http: client })),
  });
  return { 'demo/10_shop': only };
}

/** What is behind every port: a page that says which pod and port it is. */
function answering(): FakeKube {
  const kube = new FakeKube();
  kube.onForward((pod, port, socket) => {
    socket.once('data', () => {
      const body = `${pod.name}:${port}`;
      socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    });
  });
  return kube;
}

async function failureOf(world: World): Promise<unknown> {
  const { failure } = await world.up();
  return failure?.causes[0];
}

describe('what checks look through', () => {
  it('leads to the port of a ready pod of a Service, and is closed afterwards', async () => {
    const seen: { page: string; url: string }[] = [];
    const look: Look = async ({ kube, http: client }) => {
      for (const port of [80, 'web']) {
        await kube.portForward({ ...named, service: 'web', port }, async ({ url }) => {
          seen.push({ page: (await client.send(url)).body, url });
        });
      }
    };
    const world = new World(shop(look), { kube: answering(), http });
    expect(await world.up()).toMatchObject({ code: 0 });
    expect(seen.map(({ page }) => page)).toEqual(['web-0:8080', 'web-0:8080']);
    await expect(http.send(seen[0]?.url ?? '')).rejects.toThrow();
  });

  it.each([
    [{ service: 'shop', port: 80 }, 'port 80 of Service default/shop can’t be reached: it does not exist'],
    [{ service: 'web', port: 81 }, 'port 81 of Service default/web can’t be reached: it has no port 81'],
    [
      { pod: 'web-0', port: 'admin' },
      'port admin of pod default/web-0 can’t be reached: pod web-0 has no port named admin',
    ],
  ])('says why there is no way to %o', async (to, summary) => {
    const look: Look = ({ kube }) => kube.portForward({ namespace: 'default', ...to }, async () => {});
    const world = new World(shop(look), { kube: answering(), http });
    expect(await failureOf(world)).toMatchObject({ code: 'kube-forward', summary: summary.replace('’', "'") });
  });

  it('has a deadline, and says what the cluster had against a connection', async () => {
    const slow: Look = ({ kube }) =>
      kube.portForward({ ...named, service: 'web', port: 80, within: 50 }, () => new Promise(() => {}));
    const tired = new World(shop(slow), { kube: answering(), http });
    expect(await failureOf(tired)).toMatchObject({
      summary: "port 80 of Service default/web can't be reached: it took longer than 0.05 s",
    });
    const kube = answering();
    const look: Look = ({ kube: probe, http: client }) =>
      probe.portForward({ ...named, service: 'web', port: 80 }, async ({ url }) => {
        kube.edit({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'web-0' }, 'somebody', () => null);
        await client.send(url);
      });
    expect(await failureOf(new World(shop(look), { kube, http }))).toMatchObject({
      code: 'kube-forward',
      detail: ['pods "web-0" not found', expect.any(String)],
    });
  });
});
