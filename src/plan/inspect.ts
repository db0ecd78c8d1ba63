import { type Diagnostic, diagnosticsOf } from '../model/diagnostic.ts';
import type { Tools } from '../model/tools.ts';
import type { CompiledResource, CompiledStep } from './compile.ts';

/** What is wrong with the sources of bundles, without asking a cluster; those that a step's condition leaves out aren't looked at. */
export async function inspectBundles(steps: readonly CompiledStep[], tools: Tools): Promise<readonly Diagnostic[]> {
  const bundles = steps.flatMap(({ instance, resources }) =>
    resources
      .filter(({ handle, more }) => handle.mode === 'bundle' && more.when !== false)
      .map(async (bundle) => {
        const problems = await inspect(bundle, tools);
        return problems.map((one) => ({ source: instance.source, ...one }));
      }),
  );
  return (await Promise.all(bundles)).flat();
}

async function inspect({ handle: { type, id } }: CompiledResource, tools: Tools): Promise<readonly Diagnostic[]> {
  try {
    return (await type.inspect?.(id, tools)) ?? [];
  } catch (error) {
    return diagnosticsOf(error);
  }
}
