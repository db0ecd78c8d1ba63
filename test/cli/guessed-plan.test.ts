import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, startApiServer } from '../rig/apiserver.ts';
import { rigTimeout, whyNoApiServer } from '../rig/programs.ts';
import { checkoutOf } from './rig.ts';

const why = whyNoApiServer();

const step = `import { derive, k8s, restore, step, T, tls } from '@cairnhq/cairn';

export default step({
  summary: 'What a plan must guess at',
  on: 'cluster',
  vars: T.Object({ mode: T.String() }),
  undo: restore,
  resources({ vars: { mode } }) {
    const namespace = 'default';
    const password = k8s.secret({ namespace, name: 'password', data: { password: k8s.generated(16) } });
    const token = derive([password.out.data.password], (plain) => \`token \${plain}\`);
    const authority = tls.authority({ namespace, name: 'authority', commonName: 'demo' });
    const pod = { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: mode }] } };
    return {
      elsewhere: k8s.configMap({ namespace: 'not-there-yet', name: 'elsewhere', data: { mode } }),
      widget: k8s.object({ apiVersion: 'cairn.test/v1', kind: 'Widget', metadata: { namespace, name: 'one' }, spec: {} }),
      plain: k8s.configMap({ namespace, name: 'plain', data: { mode } }),
      same: k8s.configMap({ namespace, name: 'same', data: { a: 'b' } }),
      password,
      later: k8s.secret({ namespace, name: 'later', data: { token } }),
      job: k8s.job({ namespace, name: 'job', spec: { suspend: true, template: pod } }),
      authority,
      site: tls.certificate({ namespace, name: 'site', hosts: ['site.test'], authority: authority.out.data }),
    };
  },
});
`;

describe.skipIf(why !== null)(why ?? 'a plan that can not know', () => {
  let rig: ApiServer;

  beforeAll(async () => {
    rig = await startApiServer();
    await rig.kubectl(['create', 'clusterrole', 'looker', '--verb=get,list', '--resource=*.*']);
    await rig.kubectl(['create', 'clusterrolebinding', 'looker', '--clusterrole=looker', '--user=stranger']);
  }, rigTimeout);
  afterAll(async () => await rig.stop());

  function project(context: string): ReturnType<typeof checkoutOf> & { set(mode: string): void } {
    const clusters = `clusters: { cairn: { kubeconfig: ${rig.kubeconfig}, context: ${context} } }\n`;
    const checkout = checkoutOf('shop', [
      ['inventory/local/clusters.yaml', clusters],
      ['inventory/local/hosts.yaml', 'all: { hosts: { localhost: { ansible_connection: local } } }\n'],
      ['inventory/local/group_vars/all.yaml', 'mode: fast\n'],
      ['playbooks/demo.yaml', 'components: [{ component: demo, cluster: cairn }]\n'],
      ['playbooks/shop.yaml', 'components: []\n'],
      ['playbooks/machine.yaml', 'components: []\n'],
      ['steps/demo/10_things.ts', step],
    ]);
    const set = (mode: string): void =>
      writeFileSync(join(checkout.root, 'inventory/local/group_vars/all.yaml'), `mode: ${mode}\n`);
    return { ...checkout, set };
  }

  const writes = async (): Promise<number> =>
    (await rig.audit()).filter(
      ({ verb, userAgent, requestURI }) =>
        userAgent === 'cairn' && !['get', 'list'].includes(verb) && !requestURI.includes('dryRun=All'),
    ).length;

  it('guesses line by line with its reasons, ends with 0, and writes nothing', async () => {
    const before = await writes();
    const { code, stdout, stderr } = await project('rig').cairn(['plan', 'playbooks/demo.yaml']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/\+ ConfigMap not-there-yet\/elsewhere +predicted: its namespace is not there yet/);
    expect(stdout).toMatch(/\+ Widget default\/one +predicted: its definition is not there yet/);
    expect(stdout).toMatch(/\+ ConfigMap default\/plain *\n/);
    expect(stdout).toMatch(/data\.token +\(known after Secret default\/password\)/);
    expect(await writes()).toBe(before);
  });

  it('does the same for somebody who may only look', async () => {
    const { cairn } = project('stranger');
    const before = await writes();
    const { code, stdout, stderr } = await cairn(['plan', 'playbooks/demo.yaml']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/\+ ConfigMap default\/plain +predicted: the server forbids trying it/);
    expect(stdout).toMatch(/\+ Secret default\/later +predicted: the server forbids trying it/);
    expect(await writes()).toBe(before);
  });

  it('names for that person what somebody else would change, and asks nothing about the rest', async () => {
    const able = project('rig');
    const words = ['playbooks/demo.yaml', '--only', 'demo/10'];
    await rig.kubectl(['create', 'namespace', 'not-there-yet']);
    writeFileSync(
      join(able.root, 'steps/demo/10_things.ts'),
      readFileSync(join(able.root, 'steps/demo/10_things.ts'), 'utf8').replace(/ *widget:.*\n/, ''),
    );
    expect((await able.cairn(['up', ...words])).code).toBe(0);
    const looker = project('stranger');
    looker.set('slow');
    const { code, stdout } = await looker.cairn(['plan', ...words]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /~ ConfigMap default\/plain +predicted: the server forbids trying it\n +data\.mode +fast +→ +slow/,
    );
    expect(stdout).not.toContain('default/same');
  });

  it('finds no webhook that can not be tried: the server takes none since 1.22', async () => {
    const file = join(dirname(rig.kubeconfig), 'webhook.json');
    const webhook = {
      name: 'a.b.test',
      sideEffects: 'Some',
      admissionReviewVersions: ['v1'],
      clientConfig: { url: 'https://localhost:1/' },
    };
    const configuration = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'untried' },
      webhooks: [webhook],
    };
    writeFileSync(file, JSON.stringify(configuration));
    await expect(rig.kubectl(['create', '-f', file])).rejects.toThrow('supported values: "None", "NoneOnDryRun"');
  });
});
