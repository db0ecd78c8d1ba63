import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Vars } from '../../roles/devpi/dashboard.ts';
import { dashboardChecks } from '../../roles/devpi/dashboard-checks.ts';
import { FakeKube } from '../../src/connect/fake/kube.ts';
import type { HttpResponse } from '../../src/model/http.ts';
import { reveal } from '../../src/model/secret.ts';
import { clientAt } from '../../src/resources/keycloak/paths.ts';
import { instancesOf } from '../cases/runner/instances.ts';
import type { Ran } from '../cli/rig.ts';
import { type ApiServer, startApiServer } from '../rig/apiserver.ts';
import { type Keycloak, keycloakTimeout, startKeycloak, whyNoKeycloak } from '../rig/keycloak.ts';
import { rigTimeout, whyNoApiServer } from '../rig/programs.ts';
import { adminEvents, filesWith, passwordsIn, writesSince } from './devpi-evidence.ts';
import { type DevpiSite, openSite, uploaderPassword } from './devpi-site.ts';
import { peerOn } from './project.ts';

const release = '26.4.0';
const why = whyNoApiServer() ?? whyNoKeycloak(release);
const clientId = 'devpi-dashboard';
const claim = 'devpi-data-pvc';

// Each fault of the playbooks that these steps replace, in its own words. docs/proof/devpi-faults.md says where else they are looked for.
describe.skipIf(why !== null)(why ?? 'what the playbooks before these steps did wrong', () => {
  let rig: ApiServer;
  let server: Keycloak;
  beforeAll(
    async () => {
      [rig, server] = await Promise.all([startApiServer(), startKeycloak(release)]);
      await rig.kubectl(['create', '-f', fileOf(dirname(rig.kubeconfig), storageClass)]);
    },
    Math.max(rigTimeout, keycloakTimeout),
  );
  afterAll(async () => await Promise.all([rig?.stop(), server?.stop()]));

  /** A test in a place of its own. */
  function fault(words: string, name: string, check: (site: DevpiSite) => Promise<void>): void {
    it(words, async () => {
      const site = await openSite(name, rig, server);
      await check(site).finally(site.close);
    });
  }

  async function read(...words: readonly string[]): Promise<Found> {
    return JSON.parse(await rig.kubectl(['get', ...words, '-o', 'json'])) as Found;
  }

  fault(
    '1. the rollback named the client by its clientId where Keycloak wants the UUID, and swallowed the error: the client stayed',
    'rollback',
    async ({ proxy, keycloak, realm, up, cairn }) => {
      done(await up('devpi/10,40'));
      const { id } = (await clientAt(realm, clientId, keycloak)) ?? {};
      proxy.refuse('DELETE');
      const refused = await cairn('undo', '--yes');
      expect(refused.code).toBe(1);
      expect(`${refused.stdout}${refused.stderr}`).toMatch(/DELETE .* 403/);
      expect(await clientAt(realm, clientId, keycloak)).not.toBeNull();
      proxy.refuse(undefined);
      done(await cairn('undo', '--yes'));
      expect(await clientAt(realm, clientId, keycloak)).toBeNull();
      const events = await adminEvents({ keycloak, realm });
      expect(events).toContainEqual(
        expect.objectContaining({ operationType: 'DELETE', resourcePath: `clients/${String(id)}` }),
      );
    },
  );

  fault(
    '2. the rollback deleted every claim of the namespace, unasked',
    'claims',
    async ({ namespace, home, up, cairn }) => {
      const claims = async () => names(await read('persistentvolumeclaims', '-n', namespace));
      done(await up('devpi/10,20'));
      await rig.kubectl(['create', '-f', fileOf(home, claimOf(namespace, 'theirs'))]);
      const unasked = await cairn('undo', '--yes');
      expect(unasked.code).not.toBe(0);
      expect(`${unasked.stdout}${unasked.stderr}`).toContain(
        `--allow-data-loss PersistentVolumeClaim/${namespace}/${claim}`,
      );
      expect(await claims()).toEqual([claim, 'theirs']);
      const ours = ['--only', 'devpi/20', '--allow-data-loss', `PersistentVolumeClaim/${namespace}/${claim}`];
      done(await cairn('undo', '--yes', ...ours));
      const stopped = await cairn('undo', '--yes');
      expect(`${stopped.stdout}${stopped.stderr}`).toContain(`--allow-data-loss Namespace/${namespace}`);
      expect(await claims()).toEqual(['theirs']);
    },
  );

  fault(
    '3. a client that exists was never updated: a changed redirect URL never arrived',
    'redirect',
    async ({ realm, keycloak, up }) => {
      done(await up('devpi/10,40'));
      const before = (await adminEvents({ keycloak, realm })).length;
      done(await up('devpi/10,40', '--set', 'devpi.dashboardHost=index.cairn.localhost'));
      const client = await clientAt(realm, clientId, keycloak);
      expect(client).toMatchObject({ redirectUris: ['https://index.cairn.localhost/oauth2/callback'] });
      const events = await adminEvents({ keycloak, realm });
      expect(events.slice(0, events.length - before)).toEqual([
        expect.objectContaining({ operationType: 'UPDATE', resourcePath: `clients/${String(client?.id)}` }),
      ]);
    },
  );

  fault('4. each rerun restarted devpi twice, though nothing had changed', 'rerun', async ({ namespace, up }) => {
    const steps = 'devpi/10-30,65-70';
    const form = async () => {
      const { metadata, spec } = await read('deployment', 'devpi', '-n', namespace);
      return { generation: metadata.generation, template: spec?.template };
    };
    done(await up(steps));
    const first = await form();
    const mark = (await rig.audit()).length;
    for (const _ of ['once', 'again']) done(await up(steps));
    expect(await form()).toEqual(first);
    expect(first.generation).toBe(1);
    expect(writesSince(await rig.audit(), mark)).toEqual([]);
  });

  it('5. the test of the dashboard took 200 for as good as 302: it passed with the login wall missing', async () => {
    const [instance] = await instancesOf(['devpi/80_ingress'], {});
    const vars = instance?.vars as unknown as Vars;
    const login = 'https://keycloak.cairn.localhost/realms/cairn/protocol/openid-connect/auth';
    const query = (client: string) => `client_id=${client}&redirect_uri=https://devpi.cairn.localhost/oauth2/callback`;
    const to = (location: string): HttpResponse => ({ status: 302, headers: { location }, body: '' });
    const what = 'nobody without a login sees anything of the dashboard';
    const said = async (answer: HttpResponse): Promise<string> => {
      let found = 'never tried';
      await dashboardChecks({
        vars,
        http: { send: async () => answer },
        kube: new FakeKube(),
        check: async (name: string, look: () => Promise<void>) => {
          if (name === what)
            found = await look().then(
              () => 'passed',
              (error: unknown) => String(error),
            );
        },
        scratch: async () => {},
      } as unknown as Parameters<typeof dashboardChecks>[0]);
      return found;
    };
    expect(await said(to(`${login}?${query(clientId)}`))).toBe('passed');
    for (const [answer, why] of [
      [{ status: 200, headers: {}, body: 'devpi' }, '→ 200'],
      [{ status: 200, headers: {}, body: '<form id="kc-form-login">' }, '→ 200'],
      [to('https://devpi.cairn.localhost/root/prod'), '→ 302 to https://devpi.cairn.localhost/root/prod'],
      [
        to(`${login.replace('/cairn/', '/master/')}?${query(clientId)}`),
        '→ 302 to https://keycloak.cairn.localhost/realms/master',
      ],
      [to(`${login}?${query('another')}`), 'client_id another'],
    ] as const)
      expect(await said(answer)).toContain(why);
  });

  fault(
    '6. a dry run logged in for real, and went on with tokens that it had made up',
    'dry-run',
    async ({ namespace, realm, keycloak, proxy, cairn }) => {
      const mark = (await rig.audit()).length;
      const plan = await cairn('plan', '--only', 'devpi/10-70');
      done(plan);
      expect(plan.stdout).toContain(`(known after Client ${realm}/devpi-dashboard)`);
      expect(proxy.passed.filter(({ status }) => ![200, 404].includes(status))).toEqual([]);
      expect(proxy.passed.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/token'))).toEqual([]);
      expect(proxy.passed.some(({ path }) => path.includes(`/realms/${realm}/protocol`))).toBe(false);
      expect(writesSince(await rig.audit(), mark)).toEqual([]);
      expect(await adminEvents({ keycloak, realm })).toEqual([]);
      expect(names(await read('namespaces'))).not.toContain(namespace);
    },
  );

  fault(
    '7. passwords stood in manifests, in the text of scripts and in logs',
    'passwords',
    async ({ namespace, realm, keycloak, home, up, cairn }) => {
      const steps = 'devpi/10-70';
      const said = [
        await up(steps),
        await cairn('plan'),
        await up(steps, '--set', 'devpi.dashboardHost=index.cairn.localhost', '-v'),
      ];
      for (const ran of said) done(ran);
      const { items } = await read('secrets', '-n', namespace);
      const ofCluster = items.flatMap(({ data = {} }) => Object.values(data).flatMap(passwordsIn));
      const client = await clientAt(realm, clientId, keycloak);
      const { value } = (await keycloak.get(`${realm}/clients/${String(client?.id)}/client-secret`)) as {
        value: string;
      };
      const passwords = [...new Set([...ofCluster, value, uploaderPassword, reveal(server.target.login.password)])];
      // Redis's, root's and the uploader's, the cookie's, the client's, the administrator's
      expect(passwords.length).toBeGreaterThanOrEqual(6);
      const kinds = (await rig.kubectl(['api-resources', '--verbs=list', '--namespaced', '-o', 'name'])).trim();
      const all = kinds
        .split('\n')
        .filter((kind) => kind !== 'secrets')
        .join(',');
      const manifests = await rig.kubectl(['get', all, '-n', namespace, '-o', 'yaml', '--show-managed-fields']);
      const marks = items.map(({ metadata }) => JSON.stringify(metadata)).join('\n');
      const screens = said.map(({ stdout, stderr }) => stdout + stderr).join('\n');
      expect(filesWith(namespace, home)).not.toBe('');
      for (const password of passwords) {
        for (const form of [password, btoa(password)]) {
          for (const text of [manifests, marks, screens]) expect(text.includes(form)).toBe(false);
          expect(filesWith(form, home)).toBe('');
        }
      }
    },
  );

  it('8. ports became strings on their way to the API', async () => {
    const peer = peerOn(rig, [['inventory/local/group_vars/all.yaml', 'web: { port: 8080 }\n']]);
    // A text would be taken here: as the name of a port that no pod has.
    const metadata = { name: 'ports', namespace: 'default' };
    const [targetPort, port] = ['{{ web.port }}', '{{ web.port }}'];
    peer.declare(
      { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 80, targetPort }] } },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata,
        spec: { podSelector: {}, ingress: [{ ports: [{ port }] }] },
      },
    );
    for (const [words, expected] of [
      [[], 8080],
      [['--set', 'web.port=9090'], 9090],
    ] as const) {
      done(await peer.up(...words));
      expect((await read('service', 'ports')).spec?.ports).toMatchObject([{ targetPort: expected }]);
      expect((await read('networkpolicy', 'ports')).spec?.ingress).toMatchObject([{ ports: [{ port: expected }] }]);
    }
    await peer.undo();
  });
});

interface Found {
  readonly metadata: { readonly name: string; readonly generation?: number };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly data?: Readonly<Record<string, string>>;
  }[];
}

function done({ code, stdout, stderr }: Ran): void {
  expect(code, stdout + stderr).toBe(0);
}

function names({ items }: Found): readonly string[] {
  return items.map(({ metadata }) => metadata.name);
}

function fileOf(folder: string, object: unknown): string {
  const file = join(folder, 'object.json');
  writeFileSync(file, JSON.stringify(object));
  return file;
}

// As the throw-away cluster has it; nobody provides here.
const storageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'nobody.test/none',
  volumeBindingMode: 'WaitForFirstConsumer',
};

function claimOf(namespace: string, name: string): object {
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { namespace, name }, spec };
}
