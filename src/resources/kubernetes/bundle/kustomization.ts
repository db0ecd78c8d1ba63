import { type Diagnostic, problem, throwAll } from '../../../model/diagnostic.ts';
import type { Resource } from '../../../model/resource.ts';
import type { Tools } from '../../../model/tools.ts';
import { readDocuments } from './documents.ts';
import { resourcesOf } from './objects.ts';
import { type BundleMore, type BundleOut, bundle, shortPath } from './type.ts';

/** A kustomization; the path is absolute, as of a role's `file('…')`, or starts at the project's root. */
export interface KustomizationSpec {
  /** With its `kustomization.yaml`. */
  readonly folder: string;
  /** For objects that name none. */
  readonly namespace?: string;
}

type Id = Pick<KustomizationSpec, 'folder'> & { readonly namespace: string | undefined };

const declareKustomization = bundle<Id, unknown>({
  name: 'kubernetes/kustomization',
  identity: ['folder', 'namespace'],
  title: ({ folder }) => `kustomization ${shortPath(folder)}`,
  inspect: async ({ folder }, tools) => [...(await findFile(folder, tools)), ...(await findProgram(tools))],
  async expand({ folder, namespace }, _, { tools, kube }) {
    throwAll(await findFile(folder, tools));
    const argv = ['kustomize', tools.resolve(folder)];
    const text = await tools.render({ program: 'kubectl', argv });
    const { objects, problems } = readDocuments(text, `kubectl kustomize ${tools.shown(folder)}`);
    throwAll(problems);
    return resourcesOf(objects, { namespace, kube });
  },
});

/** Declares every object of a kustomization, as `kubectl kustomize` renders it. */
export function kustomization({ folder, namespace }: KustomizationSpec, more?: BundleMore): Resource<BundleOut> {
  return declareKustomization({ folder, namespace }, null, more);
}

const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

async function findFile(folder: string, tools: Tools): Promise<readonly Diagnostic[]> {
  const kinds = await Promise.all(names.map((name) => tools.kindOf(`${folder}/${name}`)));
  if (kinds.includes('file')) return [];
  return [problem('no-kustomization', `${tools.shown(folder)} holds no kustomization.yaml`)];
}

async function findProgram(tools: Tools): Promise<readonly Diagnostic[]> {
  if ((await tools.find('kubectl')) !== null) return [];
  return [
    problem('missing-tool', "a kustomization needs kubectl, which is not on this machine's PATH", {
      help: 'install kubectl, or build it: cairn up playbooks/kind.yaml',
    }),
  ];
}
