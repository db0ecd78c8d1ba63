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
}

/** True for charts that come from a registry or a repository. */
export function isRemote({ chart, repository }: ChartId): boolean {
  return repository !== undefined || chart.startsWith('oci://');
}
