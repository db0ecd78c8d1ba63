import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, startApiServer } from '../rig/apiserver.ts';
import { rigTimeout, whyNoApiServer } from '../rig/programs.ts';
import { type Checkout, checkoutOf } from './rig.ts';

const why = whyNoApiServer();

const stepOf = (map: string): string => `import { k8s, restore, step } from '@cairnhq/cairn';

export default step({
  summary: 'One map',
  on: 'cluster',
  undo: restore,
  resources: () => ({ map: k8s.configMap({ namespace: 'default', name: '${map}', data: { a: 'b' } }) }),
});
`;

describe.skipIf(why !== null)(why ?? 'another cluster than the one that is meant', () => {
  let [meant, other]: readonly ApiServer[] = [];
  let uids: readonly string[] = [];

  beforeAll(async () => {
    [meant, other] = await Promise.all([startApiServer(), startApiServer()]);
    uids = await Promise.all([meant, other].map((rig) => uidOf(rig)));
  }, 2 * rigTimeout);
  afterAll(async () => await Promise.all([meant?.stop(), other?.stop()]));

  async function uidOf(rig: ApiServer | undefined): Promise<string> {
    if (!rig) throw new Error('no rig');
    return rig.kubectl(['get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}']);
  }

  /** A project whose context leads where its kubeconfig says; `lead` lets it lead elsewhere. */
  function project(
    map: string,
    identity?: string,
  ): Checkout & { lead(to: ApiServer | undefined): void; pin(uid: string): void } {
    const clusters = (pinned?: string): string =>
      `clusters: { cairn: { kubeconfig: kubeconfig, context: rig${pinned === undefined ? '' : `, identity: ${pinned}`} } }\n`;
    const checkout = checkoutOf('shop', [
      ['inventory/local/clusters.yaml', clusters(identity)],
      ['inventory/local/hosts.yaml', 'all: { hosts: { localhost: { ansible_connection: local } } }\n'],
      ['inventory/local/group_vars/all.yaml', '{}\n'],
      ['playbooks/demo.yaml', 'components: [{ component: demo, cluster: cairn }]\n'],
      ['playbooks/shop.yaml', 'components: []\n'],
      ['playbooks/machine.yaml', 'components: []\n'],
      ['steps/demo/10_map.ts', stepOf(map)],
    ]);
    const lead = (to: ApiServer | undefined): void =>
      writeFileSync(join(checkout.root, 'kubeconfig'), readFileSync(to?.kubeconfig ?? '', 'utf8'));
    lead(meant);
    const pin = (uid: string): void =>
      writeFileSync(join(checkout.root, 'inventory/local/clusters.yaml'), clusters(uid));
    return { ...checkout, lead, pin };
  }

  const writesTo = async (rig: ApiServer | undefined): Promise<readonly string[]> => {
    const sent = (await rig?.audit())?.filter(({ userAgent }) => userAgent === 'cairn') ?? [];
    return sent
      .filter(({ verb }) => !['get', 'list'].includes(verb))
      .map(({ verb, requestURI }) => `${verb} ${requestURI}`);
  };

  it('is refused before anything is written, with both names and how to mean it', async () => {
    const { cairn, lead, pin } = project('first');
    expect((await cairn(['up', 'playbooks/demo.yaml'])).code).toBe(0);
    lead(other);
    for (const words of [['plan'], ['up'], ['up', '--no-verify'], ['verify'], ['undo', '--yes']]) {
      const { code, stdout, stderr } = await cairn([...words, 'playbooks/demo.yaml']);
      const said = `${stdout}${stderr}`;
      expect(code, said).toBe(['plan', 'undo'].includes(words[0] ?? '') ? 2 : 1);
      for (const uid of uids) expect(said).toContain(uid);
      expect(said).toContain(`cairn: { identity: ${uids[1]} }`);
    }
    expect(await writesTo(other)).toEqual([]);
    pin(uids[1] ?? '');
    expect((await cairn(['up', 'playbooks/demo.yaml'])).code).toBe(0);
    expect(await other?.kubectl(['get', 'configmap', 'first', '-o', 'jsonpath={.data.a}'])).toBe('b');
    expect((await cairn(['undo', 'playbooks/demo.yaml', '--yes'])).code).toBe(0);
  });

  it('is refused where the inventory names its identity, the first time already', async () => {
    const { cairn } = project('second', uids[1]);
    const before = (await writesTo(meant)).length;
    const { code, stdout, stderr } = await cairn(['up', 'playbooks/demo.yaml']);
    expect(code).toBe(1);
    expect(`${stdout}${stderr}`).toContain('pinned in clusters.yaml of the inventory');
    expect((await writesTo(meant)).length).toBe(before);
  });

  it('is not guessed at when the context is gone', async () => {
    const { cairn, root } = project('third');
    expect((await cairn(['up', 'playbooks/demo.yaml'])).code).toBe(0);
    const file = join(root, 'kubeconfig');
    const config = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...config, contexts: config.contexts.slice(1) }));
    const before = [(await writesTo(meant)).length, (await writesTo(other)).length];
    for (const words of [['plan'], ['up'], ['undo', '--yes']]) {
      const { code, stdout, stderr } = await cairn([...words, 'playbooks/demo.yaml']);
      const said = `${stdout}${stderr}`;
      expect(code, said).toBe(['plan', 'undo'].includes(words[0] ?? '') ? 2 : 1);
      expect(said).toContain('there is no context "rig"');
    }
    expect([(await writesTo(meant)).length, (await writesTo(other)).length]).toEqual(before);
  });
});
