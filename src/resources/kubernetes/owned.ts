import { fieldManager, type KubeObject, type ManagedFields } from '../../model/kube.ts';
import { isMark } from './apply/marks.ts';

/** What of ours an object carries besides its values, for people. Pure. */
export function marksOn({ metadata }: KubeObject): readonly string[] {
  const { labels = {}, annotations = {}, managedFields = [] } = metadata;
  return [
    ...Object.keys(labels)
      .filter(isMark)
      .map((key) => `label ${key}`),
    ...Object.keys(annotations)
      .filter(isMark)
      .map((key) => `annotation ${key}`),
    ...(managedFields.some(isOwnedByUs) ? ['the ownership of its fields'] : []),
  ];
}

/** The same object, with these owners of its fields. */
export function withOwners(object: KubeObject, owners: readonly ManagedFields[]): KubeObject {
  // An empty list leaves the owners as they are; one empty entry is how the API is told of none.
  const managedFields = owners.length > 0 ? owners : ([{}] as unknown as readonly ManagedFields[]);
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

/** True for what a field manager of ours owns. */
export function isOwnedByUs({ manager }: ManagedFields): boolean {
  return manager === fieldManager;
}
