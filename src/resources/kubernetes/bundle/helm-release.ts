import type { Inputs } from '../../../model/deferred.ts';
import { type Diagnostic, problem } from '../../../model/diagnostic.ts';
import type { Resource } from '../../../model/resource.ts';
import type { Tools } from '../../../model/tools.ts';
import type { Fields } from '../compare/json.ts';
import { type ChartId, isRemote } from '../helm/chart.ts';
import { type BundleMore, type BundleOut, bundle, shortPath } from './type.ts';

/** A chart, installed under a name; paths are absolute, as of a role's `file('…')`, or start at the project's root. */
export interface HelmReleaseSpec {
  readonly name: string;
  /** Of all that names none; it isn't made. */
  readonly namespace: string;
  /** A folder or an archive, `oci://…`, or a chart's name in `repository`. */
  readonly chart: string;
  /** `https://…`. */
  readonly repository?: string;
  /** Required where the chart isn't a folder or an archive. */
  readonly version?: string;
  /** Values files, weakest first; `values` stand over them. */
  readonly valuesFiles?: readonly string[];
  /** Any of them may be known later, or secret. */
  readonly values?: Inputs<Fields>;
}

interface Want {
  readonly values: unknown;
}

const declareIt = bundle<ChartId, Want>({
  name: 'kubernetes/helm-release',
  identity: ['name', 'namespace', 'chart', 'repository', 'version', 'valuesFiles'],
  title: (id) => `Helm release ${id.namespace}/${id.name} of ${titleOf(id)}`,
  inspect,
  expand: async (id, { values }, means) => (await import('../helm/expand.ts')).expandRelease(id, values, means),
});

const declareItsTests = bundle<ChartId, Want>({
  name: 'kubernetes/helm-tests',
  identity: ['name', 'namespace', 'chart', 'repository', 'version', 'valuesFiles'],
  title: (id) => `tests of Helm release ${id.namespace}/${id.name}`,
  inspect,
  expand: async (id, { values }, means) => (await import('../helm/expand.ts')).expandTests(id, values, means),
});

/** Declares every object of a chart, as `helm template` renders it for the cluster at hand, and runs its hooks as Jobs. */
export function helmRelease(spec: HelmReleaseSpec, more?: BundleMore): Resource<BundleOut> {
  return declareIt(idOf(spec), { values: spec.values ?? {} }, more);
}

/** The tests that a chart brings, for `scratch` in a step's `verify`. */
export function helmTests(spec: HelmReleaseSpec, more?: BundleMore): Resource<BundleOut> {
  return declareItsTests(idOf(spec), { values: spec.values ?? {} }, more);
}

function idOf({ name, namespace, chart, repository, version, valuesFiles = [] }: HelmReleaseSpec): ChartId {
  return { name, namespace, chart, repository, version, valuesFiles };
}

function titleOf(id: ChartId): string {
  const { chart, version } = id;
  const name = isRemote(id) ? chart : shortPath(chart);
  return version === undefined ? name : `${name} ${version}`;
}

async function inspect(id: ChartId, tools: Tools): Promise<readonly Diagnostic[]> {
  const lacksFiles = await Promise.all(
    id.valuesFiles.map(async (file) => ((await tools.kindOf(file)) === 'file' ? [] : [missing(file, tools)])),
  );
  return [...(await inspectChart(id, tools)), ...lacksFiles.flat(), ...(await findProgram(tools))];
}

async function inspectChart(id: ChartId, tools: Tools): Promise<readonly Diagnostic[]> {
  if (isRemote(id)) {
    if (id.version !== undefined) return [];
    const help = 'say version: without one, each plan may find another chart';
    return [problem('no-chart-version', `chart ${id.chart} has no version`, { help })];
  }
  const kind = await tools.kindOf(id.chart);
  if (kind === 'folder' && (await tools.kindOf(`${id.chart}/Chart.yaml`)) !== 'file') {
    return [problem('no-chart', `${tools.shown(id.chart)} holds no Chart.yaml`)];
  }
  return kind === 'nothing' ? [missing(id.chart, tools)] : [];
}

function missing(path: string, tools: Tools): Diagnostic {
  return problem('file-missing', `${tools.shown(path)} does not exist`, {
    help: "paths start at the project's root; a role's own are file('…')",
  });
}

async function findProgram(tools: Tools): Promise<readonly Diagnostic[]> {
  if ((await tools.find('helm')) !== null) return [];
  return [
    problem('missing-tool', "a chart needs helm, which is not on this machine's PATH", {
      help: 'install helm 3 or 4: https://helm.sh/docs/intro/install',
    }),
  ];
}
