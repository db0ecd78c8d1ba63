import { type Diagnostic, problem } from '../../../model/diagnostic.ts';
import type { KubeObject, KubeReader } from '../../../model/kube.ts';
import { listAt, numberAt, textAt } from '../compare/json.ts';
import { lastLines } from './pod-names.ts';

/** What the container of a pod that failed wrote last, without empty lines. */
export async function lastWords(pod: KubeObject | undefined, from: KubeReader): Promise<readonly string[]> {
  const container = pod && failedContainer(pod);
  const lines = pod && container !== undefined ? await lastLines(pod, container, from) : [];
  return lines.filter((line) => line.trim() !== '');
}

/** A run that failed. What the program said last tells more than that it failed. */
export function problemOf(
  code: string,
  { title, words }: { readonly title: string; readonly words: readonly string[] },
): Diagnostic {
  const last = words.at(-1);
  return last === undefined
    ? problem(code, title)
    : problem(code, last.trim(), { detail: [title, ...words.slice(0, -1)] });
}

function failedContainer(pod: KubeObject): string | undefined {
  const statuses = ['initContainerStatuses', 'containerStatuses'].flatMap((list) => listAt(pod, 'status', list));
  const failed = statuses.find(
    (status) =>
      (numberAt(status, 'state', 'terminated', 'exitCode') ??
        numberAt(status, 'lastState', 'terminated', 'exitCode') ??
        0) !== 0,
  );
  return textAt(failed, 'name') ?? textAt(listAt(pod, 'spec', 'containers')[0], 'name');
}
