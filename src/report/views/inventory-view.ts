import { paintWith } from '../style.ts';
import { columnOf, type Row, rowLine } from './rows.ts';

/** An inventory as it was understood. */
export interface InventoryShown {
  /** As the user named it: `inventory/local`. */
  readonly name: string;
  readonly clusters: readonly {
    readonly name: string;
    readonly context: string;
    readonly kubeconfig: string;
    /** The step that makes it. */
    readonly providedBy?: string;
  }[];
  readonly groups: readonly {
    readonly name: string;
    /** Its own hosts and those of its children. */
    readonly hosts: readonly string[];
  }[];
}

/** Clusters, groups and their hosts. Ends without a newline. */
export function inventoryView(shown: InventoryShown, options: { readonly color: boolean }): string {
  const clusters = shown.clusters.map((one): Row => {
    const maker = one.providedBy ? `, made by ${one.providedBy}` : '';
    return { label: `    ${one.name}`, text: `context ${one.context} in ${one.kubeconfig}${maker}` };
  });
  const groups = shown.groups.map(
    (one): Row => ({ label: `    ${one.name}`, text: one.hosts.join(', ') || 'no hosts' }),
  );
  const column = columnOf([...clusters, ...groups], 3);
  const block = (title: string, rows: readonly Row[]): readonly string[] =>
    rows.length > 0 ? [`  ${title}`, ...rows.map((row) => rowLine(row, column))] : [];
  const name = paintWith(options.color)('strong', shown.name);
  return [name, ...block('clusters', clusters), ...block('groups', groups)].join('\n');
}
