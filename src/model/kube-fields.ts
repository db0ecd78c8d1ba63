/** One step of a way into an object: a field's name, or a list item by its key or value. */
export type Step = { readonly field: string } | { readonly item: string };

const plainName = /^[A-Za-z_$][\w$-]*$/;

/** A path with one more step: `spec.containers[redis].image`; names with a dot or a slash stand in brackets too: `data[tls.crt]`. */
export function addStep(path: string, step: Step): string {
  if ('item' in step) return `${path}[${step.item}]`;
  if (!plainName.test(step.field)) return `${path}[${step.field}]`;
  return path === '' ? step.field : `${path}.${step.field}`;
}

/** True when `path` is `ancestor` or lies inside it. */
export function isWithin(path: string, ancestor: string): boolean {
  if (ancestor === '' || path === ancestor) return true;
  const next = path.startsWith(ancestor) ? path[ancestor.length] : undefined;
  return next === '.' || next === '[';
}

/** The fields of a FieldsV1 document as paths. */
export interface FieldPaths {
  /** Owned with everything inside: scalars, and lists and maps that are one value. */
  readonly leaves: ReadonlySet<string>;
  /** Items and maps owned as such; what is inside them may belong to others. */
  readonly holders: ReadonlySet<string>;
  /** Lists whose items have keys: path of the list → names of the key fields. */
  readonly keyed: ReadonlyMap<string, readonly string[]>;
}

type Tree = Readonly<Record<string, unknown>>;

/** Reads a FieldsV1 document (`f:` fields, `k:` keyed items, `v:` set members, `i:` indexes, `.` the thing itself). */
export function readFields(fields: Tree | undefined): FieldPaths {
  const found: Found = { leaves: new Set(), holders: new Set(), keyed: new Map() };
  if (fields) collect(fields, '', found);
  return found;
}

interface Found {
  readonly leaves: Set<string>;
  readonly holders: Set<string>;
  readonly keyed: Map<string, readonly string[]>;
}

function collect(tree: Tree, path: string, into: Found): void {
  for (const [segment, inner] of Object.entries(tree)) {
    if (segment === '.') {
      into.holders.add(path);
      continue;
    }
    const key = segment.startsWith('k:') ? keyOf(segment) : null;
    if (key) into.keyed.set(path, Object.keys(key));
    const next = addSegment(path, segment);
    if (typeof inner !== 'object' || inner === null || Object.keys(inner).length === 0) into.leaves.add(next);
    else collect(inner as Tree, next, into);
  }
}

/** A path with one more segment of a FieldsV1 document: `spec.ports` and `k:{"port":80,"protocol":"TCP"}`. */
export function addSegment(path: string, segment: string): string {
  return addStep(path, stepOf(segment, segment.startsWith('k:') ? keyOf(segment) : null));
}

/** The steps of a path, items in their brackets: `a.b[c.d].e` → `a`, `b`, `[c.d]`, `e`. */
export function splitPath(path: string): readonly string[] {
  return path.match(/\[[^\]]*\]|[^.[\]]+/g) ?? [];
}

function keyOf(segment: string): Tree {
  return JSON.parse(segment.slice(2)) as Tree;
}

function stepOf(segment: string, key: Tree | null): Step {
  const rest = segment.slice(2);
  if (key) return { item: keyText(Object.values(key)) };
  if (segment.startsWith('v:')) return { item: String(JSON.parse(rest)) };
  return segment.startsWith('i:') ? { item: rest } : { field: rest };
}

/** How a keyed item is called: its key's values, `80/TCP`. */
export function keyText(values: readonly unknown[]): string {
  return values.map(String).join('/');
}
