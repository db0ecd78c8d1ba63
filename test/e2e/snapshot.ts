import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { plain } from '../../src/connect/fake/kube-snapshot.ts';
import { http } from '../../src/connect/http/http.ts';
import type { KeycloakReader } from '../../src/model/keycloak.ts';
import type { KubeObject } from '../../src/model/kube.ts';
import { listAt } from '../../src/resources/keycloak/paths.ts';
import { addressOf, idOf } from '../../src/resources/kubernetes/id.ts';
import { authorityFile, openSso } from './keycloak.ts';
import { kubectl, passwordFile, run, secretValue } from './rig.ts';

/** Everything that a person would compare, by its name: `Secret/devpi/redis`, `keycloak/cairn/clients/web`, `/etc/hosts`. Values are sums. */
export type Snapshot = ReadonlyMap<string, string>;

type Entries = readonly (readonly [name: string, value: unknown])[];

/** What is in the cluster, Keycloak, the Git server and the registry, and on this machine. @param home of a user, with all that is in it */
export async function snapshot(home?: string): Promise<Snapshot> {
  const all = await Promise.all([objects(), realms(), commits(), images(), machine(home)]);
  return new Map(all.flat().map(([name, value]) => [name, sum(value)]));
}

/** Lines like `+ Secret/devpi/redis`: what came, went (`-`) or changed (`~`). */
export function differences(before: Snapshot, now: Snapshot): readonly string[] {
  const names = new Set([...before.keys(), ...now.keys()]);
  return [...names]
    .filter((name) => before.get(name) !== now.get(name))
    .map((name) => `${before.has(name) ? (now.has(name) ? '~' : '-') : '+'} ${name}`)
    .sort();
}

function sum(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

// What comes and goes by itself, with a workload or with time.
const natural =
  /^(events|endpoints|endpointslices|pods|replicasets|controllerrevisions|leases|componentstatuses|certificatesigningrequests|nodes|csinodes|ipaddresses|workflows|workflowtaskresults)(\.|$)/;

async function objects(): Promise<Entries> {
  const listed = await wanted('api-resources', '--verbs=list', '-o', 'name');
  const kinds = listed.split('\n').filter((kind) => kind !== '' && !natural.test(kind) && !kind.includes('metrics'));
  const { items } = JSON.parse(
    await wanted('get', [...new Set(kinds)].join(','), '-A', '-o', 'json', '--show-managed-fields'),
  ) as { readonly items: readonly KubeObject[] };
  return items.map((object) => [addressOf(idOf(object)), plain(withoutCounts(object))] as const);
}

// A workload counts its own forms; one that is restarted by hand is the same.
function withoutCounts(object: KubeObject): KubeObject {
  const { 'deployment.kubernetes.io/revision': _, ...annotations } = object.metadata.annotations ?? {};
  const { managedFields: __, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, annotations, managedFields: ownersOf(object) } };
}

// Controllers write when it suits them; whoever applies or edits is what counts.
function ownersOf({
  metadata: { managedFields = [] },
}: KubeObject): NonNullable<KubeObject['metadata']['managedFields']> {
  return managedFields.filter(({ manager }) => !/^(kube-controller-manager|kubelet|kube-scheduler)$/.test(manager));
}

async function realms(): Promise<Entries> {
  const api = await openSso();
  const found = await listAt('', api);
  return (await Promise.all(found.map(({ realm }) => realmOf(String(realm), api)))).flat();
}

async function realmOf(realm: string, api: KeycloakReader): Promise<Entries> {
  const lists = [
    ['clients', 'clients', 'clientId'],
    ['client-scopes', 'client-scopes', 'name'],
    ['roles', 'roles', 'name'],
    ['groups', 'groups?briefRepresentation=false', 'path'],
    ['users', 'users?briefRepresentation=false&max=1000', 'username'],
  ] as const;
  const parts = await Promise.all(
    lists.map(async ([kind, path, key]) =>
      (await listAt(`${realm}/${path}`, api)).map(
        (one) => [`keycloak/${realm}/${kind}/${String(one[key])}`, one] as const,
      ),
    ),
  );
  return [[`keycloak/${realm}`, await api.get(realm)], ...parts.flat()];
}

/** What each ref holds, and how it came to it: a commit that is reverted leaves the same files. */
async function commits(): Promise<Entries> {
  const script =
    'cd /srv/git; find . -type d -name refs -prune | while read -r refs; do repository=${refs%/refs}; ' +
    'git --git-dir "$repository" for-each-ref --format "$repository %(refname) %(objectname) %(tree)"; done';
  const said = await wanted('-n', 'git', 'exec', 'deployment/git', '--', 'sh', '-c', script);
  return said
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' '))
    .flatMap(([repository = '', ref = '', commit, tree]) => {
      const at = `git/${repository.slice(2)} ${ref}`;
      return [
        [at, tree],
        [`${at} history`, commit],
      ] as const;
    });
}

/** Digests by tag. */
async function images(): Promise<Entries> {
  const password = await secretValue('registry', 'registry-login', 'password');
  const way = { ca: readFileSync(authorityFile, 'utf8'), basic: { user: 'cairn', password } };
  const ask = (path: string) => http.send(`https://registry.cairn.localhost/v2/${path}`, way);
  const { repositories = [] } = JSON.parse((await ask('_catalog')).body) as {
    readonly repositories?: readonly string[];
  };
  const tagged = await Promise.all(
    repositories.map(async (repository) => {
      const { tags } = JSON.parse((await ask(`${repository}/tags/list`)).body) as { readonly tags?: readonly string[] };
      return (tags ?? []).map((tag) => [repository, tag] as const);
    }),
  );
  const accept =
    'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';
  return Promise.all(
    tagged.flat().map(async ([repository, tag]) => {
      const url = `https://registry.cairn.localhost/v2/${repository}/manifests/${tag}`;
      const { headers } = await http.send(url, { ...way, method: 'HEAD', headers: { accept } });
      return [`registry/${repository}:${tag}`, headers['docker-content-digest']] as const;
    }),
  );
}

const files = ['/etc/hosts', '/etc/ssl/certs/ca-certificates.crt', authorityFile, passwordFile];
const tree =
  'cd "$1" || exit; find . -printf "%p\\t%y %m %u:%g %l\\n"; find . -type f -exec sha256sum {} + | sed -E "s/^(\\S+)  (.*)/\\2#\\t\\1/"';

async function machine(home: string | undefined): Promise<Entries> {
  const listed = await run('sh', [
    '-c',
    'for file; do sha256sum "$file" 2>&1; stat -c "%a %U:%G" "$file" 2>&1; done',
    'sh',
    ...files,
  ]);
  const packages = await run('dpkg-query', ['-W']);
  const inHome = home === undefined ? '' : (await run('sh', ['-c', tree, 'sh', home])).stdout;
  return [
    ...files.map((file, index) => [file, listed.stdout.split('\n').slice(2 * index, 2 * index + 2)] as const),
    ['packages', packages.stdout],
    ...inHome
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('\t'))
      .map(([path = '', what]) => [`${home}/${path.slice(2)}`, what] as const),
  ];
}

async function wanted(...words: readonly string[]): Promise<string> {
  const { code, stdout, said } = await kubectl(...words);
  if (code !== 0) throw new Error(`kubectl ${words.join(' ')} ended with ${code}: ${said}`);
  return stdout;
}
