import type { Secret } from '../../../model/secret.ts';

/** A chart, and what names the release of it. */
export interface ChartId {
  readonly name: string;
  readonly namespace: string;
  /** A folder or an archive, `oci://…`, or a chart's name in `repository`. */
  readonly chart: string;
  readonly repository: string | undefined;
  readonly version: string | undefined;
  /** Values files, weakest first; `values` stand over them. */
  readonly valuesFiles: readonly string[];
  /** Its registry speaks no TLS. */
  readonly plainHttp: boolean;
  /** Whether the wish says who asks. */
  readonly hasLogin: boolean;
}

/** Who asks a registry for a chart. */
export interface Login {
  readonly username: string | Secret;
  readonly password: string | Secret;
}

/** True for charts of a registry: `oci://…`. */
export function isOci({ chart, repository }: ChartId): boolean {
  return repository === undefined && chart.startsWith('oci://');
}

/** True where the chart's reference itself says which: by a tag or a digest. */
export function isPinned({ chart }: ChartId): boolean {
  return /[:@]/.test(chart.slice(chart.lastIndexOf('/')));
}

/** True for charts that come from a registry or a repository. */
export function isRemote(id: ChartId): boolean {
  return id.repository !== undefined || isOci(id);
}
