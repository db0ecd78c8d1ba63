import { CairnError, problem, throwAll } from '../../../model/diagnostic.ts';
import { reveal, Secret } from '../../../model/secret.ts';
import type { Means, RenderCall, Tools } from '../../../model/tools.ts';
import { type Located, readDocuments } from '../bundle/documents.ts';
import { at, type Fields, isFields, listAt, textAt } from '../compare/json.ts';
import { type ChartId, isRemote, type Login } from './chart.ts';
import { integerArgs } from './integers.ts';

/** What a chart is made with. */
export interface ChartWant {
  readonly values: unknown;
  readonly login?: Login;
}

/**
 * What `helm template` makes of a chart for this very cluster, twice: a chart may make something at random. Values go by a
 * pipe, as JSON: they keep their types, and no secret is on a command line. @throws CairnError `needs-cluster`
 */
export async function renderTwice(
  id: ChartId,
  { values, login }: ChartWant,
  { tools, kube }: Means,
): Promise<readonly [readonly Located[], readonly Located[]]> {
  if (!kube) throw new CairnError(problem('needs-cluster', `the chart ${id.chart} is rendered for a cluster`));
  const [version, kinds] = await Promise.all([kube.version(), kube.kinds()]);
  const served = new Set(kinds.flatMap(({ apiVersion, kind }) => [apiVersion, `${apiVersion}/${kind}`]));
  const call = { program: 'helm', stdin: JSON.stringify(plain(values)), ...loginFile(id, login) };
  const render = async (all: ReadonlySet<string>): Promise<readonly Located[]> => {
    const argv = [
      ...chartArgs(id, tools),
      '--kube-version',
      version,
      ...versionArgs(all),
      '--values',
      '-',
      ...integerArgs(values),
    ];
    return objectsIn(await tools.render({ ...call, argv }), id, tools);
  };
  const [first, second] = await twice(() => render(served));
  // A chart is rendered as if its own definitions were there already: at the next plan they are.
  const own = new Set(first.flatMap(({ object }) => definedBy(object)));
  if (own.isSubsetOf(served)) return [first, second];
  const all = served.union(own);
  return twice(() => render(all));
}

// Nothing is left running behind a failure, with a login in its hands.
async function twice<T>(work: () => Promise<T>): Promise<readonly [T, T]> {
  const both = [work(), work()] as const;
  await Promise.allSettled(both);
  return Promise.all(both);
}

function objectsIn(text: string, { name, chart }: ChartId, tools: Tools): readonly Located[] {
  const { objects, problems } = readDocuments(text, `helm template ${name} ${tools.shown(chart)}`);
  throwAll(problems);
  return objects;
}

function definedBy({ kind, spec }: Fields): readonly string[] {
  if (kind !== 'CustomResourceDefinition') return [];
  const group = textAt(spec, 'group');
  const named = textAt(spec, 'names', 'kind');
  return listAt(spec, 'versions')
    .filter((version) => at(version, 'served') === true)
    .map((version) => `${group}/${textAt(version, 'name')}`)
    .flatMap((version) => [version, `${version}/${named}`]);
}

// A file as `helm registry login` makes it, for this registry alone.
function loginFile({ chart }: ChartId, login: Login | undefined): Pick<RenderCall, 'secretFile'> {
  if (!login) return {};
  const [registry = ''] = chart.replace('oci://', '').split('/');
  const { username, password } = plain(login) as Readonly<Record<keyof Login, string>>;
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  return { secretFile: { option: '--registry-config', text: JSON.stringify({ auths: { [registry]: { auth } } }) } };
}

function versionArgs(versions: ReadonlySet<string>): readonly string[] {
  return [...versions].sort().flatMap((one) => ['--api-versions', one]);
}

function chartArgs(id: ChartId, tools: Tools): readonly string[] {
  const { name, namespace, chart, repository, version, valuesFiles, plainHttp } = id;
  return [
    ...['template', name, isRemote(id) ? chart : tools.resolve(chart), '--namespace', namespace, '--include-crds'],
    ...(repository === undefined ? [] : ['--repo', repository]),
    ...(version === undefined ? [] : ['--version', version]),
    ...(plainHttp ? ['--plain-http'] : []),
    ...valuesFiles.flatMap((file) => ['--values', tools.resolve(file)]),
  ];
}

function plain(value: unknown): unknown {
  if (value instanceof Secret) return reveal(value);
  if (Array.isArray(value)) return value.map(plain);
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
