/** What the account of the workloads may do: look at what runs in its own namespace. */
export const allowed = {
  apiGroups: [''],
  resources: ['pods', 'services', 'configmaps'],
  verbs: ['get', 'list', 'watch'],
} as const;

/** Requests to the API server with the answers that the account must get, as `may.py` takes them. */
export function rights(namespace: string): readonly string[] {
  return [
    ...allowed.resources.map((kind) => `200 /api/v1/namespaces/${namespace}/${kind}`),
    `403 /api/v1/namespaces/${namespace}/secrets`,
    '403 /api/v1/namespaces/default/pods',
    '403 /api/v1/namespaces',
    '403 /api/v1/nodes',
  ];
}
