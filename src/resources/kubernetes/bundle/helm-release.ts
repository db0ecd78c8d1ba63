import type { Inputs } from '../../../model/deferred.ts';
import { type Diagnostic, problem } from '../../../model/diagnostic.ts';
import type { Resource } from '../../../model/resource.ts';
import type { Tools } from '../../../model/tools.ts';
import type { Fields } from '../compare/json.ts';
import { type ChartId, isOci, isPinned, isRemote, type Login } from '../helm/chart.ts';
import type { ChartWant } from '../helm/render.ts';
import { type BundleMore, type BundleOut, bundle, shortPath } from './type.ts';

/** A chart, installed under a name; paths are absolute, as of a role's `file('…')`, or start at the project's root. */
export interface HelmReleaseSpec {
  readonly name: string;
  /** Of all that names none; it isn't made. */
  readonly namespace: string;
  /** A folder or an archive, `oci://…` (`@sha256:…` is one chart for ever), or a chart's name in `repository`. */
  readonly chart: string;
  /** `https://…`. */
  readonly repository?: string;
  /** Required where the chart isn't a folder or an archive, and says no tag and no digest itself. */
  readonly version?: string;
  /** Values files, weakest first; `values` stand over them. */
  readonly valuesFiles?: readonly string[];
  /** Any of them may be known later, or secret. */
  readonly values?: Inputs<Fields>;
  /** Who asks the registry of `oci://…`; it never is on a command line. Without it, what `helm registry login` left counts. */
  readonly login?: Inputs<Login>;
  /** The registry of `oci://…` speaks no TLS. */
  readonly plainHttp?: boolean;
}

const declareIt = bundle<ChartId, ChartWant>({
  name: 'kubernetes/helm-release',
  identity: ['name', 'namespace', 'chart', 'repository', 'version', 'valuesFiles', 'plainHttp', 'hasLogin'],
  title: (id) => `Helm release ${id.namespace}/${id.name} of ${titleOf(id)}`,
  inspect,
  expand: async (id, want, means) => (await import('../helm/expand.ts')).expandRelease(id, want, means),
});

const declareItsTests = bundle<ChartId, ChartWant>({
  name: 'kubernetes/helm-tests',
  identity: ['name', 'namespace', 'chart', 'repository', 'version', 'valuesFiles', 'plainHttp', 'hasLogin'],
  title: (id) => `tests of Helm release ${id.namespace}/${id.name}`,
  inspect,
  expand: async (id, want, means) => (await import('../helm/expand.ts')).expandTests(id, want, means),
});

/** Declares every object of a chart, as `helm template` renders it for the cluster at hand, and runs its hooks as Jobs. */
export function helmRelease(spec: HelmReleaseSpec, more?: BundleMore): Resource<BundleOut> {
  return declareIt(idOf(spec), wantOf(spec), more);
}

/** The tests that a chart brings, for `scratch` in a step's `verify`. */
export function helmTests(spec: HelmReleaseSpec, more?: BundleMore): Resource<BundleOut> {
  return declareItsTests(idOf(spec), wantOf(spec), more);
}

function idOf({ name, namespace, chart, repository, version, valuesFiles = [], ...rest }: HelmReleaseSpec): ChartId {
  const { plainHttp = false, login } = rest;
  return { name, namespace, chart, repository, version, valuesFiles, plainHttp, hasLogin: login !== undefined };
}

function wantOf({ values = {}, login }: HelmReleaseSpec): unknown {
  return login === undefined ? { values } : { values, login };
}

function titleOf(id: ChartId): string {
  const { chart, version } = id;
  const name = isRemote(id) ? chart : shortPath(chart);
  const short = name.replace(/(@sha256:\w{12})\w+$/, '$1');
  return version === undefined ? short : `${short} ${version}`;
}

async function inspect(id: ChartId, tools: Tools): Promise<readonly Diagnostic[]> {
  const lacksFiles = await Promise.all(
    id.valuesFiles.map(async (file) => ((await tools.kindOf(file)) === 'file' ? [] : [missing(file, tools)])),
  );
  return [...(await inspectChart(id, tools)), ...lacksFiles.flat(), ...(await findProgram(tools))];
}

async function inspectChart(id: ChartId, tools: Tools): Promise<readonly Diagnostic[]> {
  if ((id.hasLogin || id.plainHttp) && !isOci(id)) {
    const help = "leave login and plainHttp out: they are for charts from 'oci://…'";
    return [problem('no-registry', `chart ${id.chart} comes from no registry to log in to`, { help })];
  }
  if (isRemote(id)) {
    if (id.version !== undefined || (isOci(id) && isPinned(id))) return [];
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
