import { CairnError, type Diagnostic, problem, type Source, throwAll } from '../../../model/diagnostic.ts';
import type { Resource } from '../../../model/resource.ts';
import type { Tools } from '../../../model/tools.ts';
import { type Documents, readDocuments } from './documents.ts';
import { placeObjects, resourcesOf } from './objects.ts';
import { type BundleMore, type BundleOut, bundle, shortPath } from './type.ts';

/** Raw manifests; paths are absolute, as of a role's `file('…')`, or start at the project's root. */
export type ManifestsSpec = (
  | { readonly files: readonly string[] }
  /** With all folders beneath it: `*.yaml`, `*.yml`, `*.json`. */
  | { readonly folder: string }
) & {
  /** For objects that name none. */
  readonly namespace?: string;
};

interface Id {
  readonly paths: readonly string[];
  readonly namespace: string | undefined;
}

const declareManifests = bundle<Id, unknown>({
  name: 'kubernetes/manifests',
  identity: ['paths', 'namespace'],
  title: ({ paths }) => `manifests ${paths.map(shortPath).join(', ')}`,
  async inspect(id, tools) {
    const { objects, problems } = await readAll(id, tools);
    if (problems.length > 0) return problems;
    return (await placeObjects(objects, { namespace: id.namespace, kube: null })).problems;
  },
  async expand(id, _, { tools, kube }) {
    const { objects, problems } = await readAll(id, tools);
    throwAll(problems);
    return resourcesOf(objects, { namespace: id.namespace, kube });
  },
});

/** Declares every object of manifest files, or of a folder of them: each planned, written, waited for and undone as one's own. */
export function manifests(spec: ManifestsSpec, more?: BundleMore): Resource<BundleOut> {
  const paths = 'files' in spec ? spec.files : [spec.folder];
  return declareManifests({ paths, namespace: spec.namespace }, null, more);
}

async function readAll({ paths }: Id, tools: Tools): Promise<Documents> {
  const files = (await Promise.all(paths.map((path) => filesAt(path, tools)))).flat();
  const texts = await Promise.all(files.map(async (file) => ({ file, text: await tools.read(file) })));
  const read = texts.map(({ file, text }) =>
    isKustomization(file) ? misplaced(tools.shown(file)) : readDocuments(text, tools.shown(file)),
  );
  return { objects: read.flatMap(({ objects }) => objects), problems: read.flatMap(({ problems }) => problems) };
}

async function filesAt(path: string, tools: Tools): Promise<readonly string[]> {
  switch (await tools.kindOf(path)) {
    case 'file':
      return [path];
    case 'nothing':
      throw new CairnError(
        problem('file-missing', `${tools.shown(path)} does not exist`, {
          help: "paths start at the project's root; a role's own are file('…')",
        }),
      );
    case 'folder': {
      const names = (await tools.filesIn(path)).filter((name) => /\.(?:ya?ml|json)$/.test(name));
      if (names.length > 0) return names.map((name) => `${path.replace(/\/$/, '')}/${name}`);
      throw new CairnError(problem('no-manifests', `${tools.shown(path)} holds no *.yaml, *.yml or *.json`));
    }
  }
}

function isKustomization(file: string): boolean {
  return /(?:^|\/)kustomization\.ya?ml$/.test(file);
}

function misplaced(file: string): Documents {
  const source: Source = { file, line: 1, column: 1 };
  const help = 'say k8s.kustomization({ folder }) for its folder';
  const problems: readonly Diagnostic[] = [
    problem('is-kustomization', 'this is no object, but a kustomization', { source, help }),
  ];
  return { objects: [], problems };
}
