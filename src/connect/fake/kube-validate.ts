import type { RefusalCause } from '../../model/kube.ts';
import { isObject, type Mutable, objectAt } from './kube-json.ts';

/** What the server finds wrong with an object, of the things that a merge can bring about. */
export function faultsIn(object: Mutable): readonly RefusalCause[] {
  const spec = objectAt(structuredClone(object), 'spec');
  if (object.kind === 'Service') return doubleNames(listOf(spec.ports), 'spec.ports');
  if (!isObject(spec.template)) return [];
  const pods = objectAt(spec.template, 'spec');
  return [
    ...strategyFaults(objectAt(spec, 'strategy')),
    ...listOf(pods.volumes).flatMap(volumeFaults),
    ...listOf(pods.containers).flatMap(containerFaults),
  ];
}

function strategyFaults({ type, rollingUpdate }: Mutable): readonly RefusalCause[] {
  if (type !== 'Recreate' || rollingUpdate === undefined) return [];
  return [forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'")];
}

function volumeFaults(volume: Mutable, i: number): readonly RefusalCause[] {
  const [, second] = Object.keys(volume).filter((field) => field !== 'name');
  if (second === undefined) return [];
  return [forbidden(`spec.template.spec.volumes[${i}].${second}`, 'may not specify more than 1 volume type')];
}

function containerFaults(container: Mutable, i: number): readonly RefusalCause[] {
  const at = `spec.template.spec.containers[${i}]`;
  return listOf(container.env).flatMap(({ value, valueFrom }, j) =>
    value && valueFrom
      ? [forbidden(`${at}.env[${j}].valueFrom`, 'may not be specified when `value` is not empty')]
      : [],
  );
}

function doubleNames(items: readonly Mutable[], field: string): readonly RefusalCause[] {
  return items.flatMap(({ name }, i) => {
    const isDouble = name !== undefined && items.findIndex((other) => other.name === name) < i;
    const message = `Duplicate value: ${JSON.stringify(name)}`;
    return isDouble ? [{ field: `${field}[${i}].name`, reason: 'FieldValueDuplicate', message }] : [];
  });
}

function forbidden(field: string, message: string): RefusalCause {
  return { field, reason: 'FieldValueForbidden', message: `Forbidden: ${message}` };
}

function listOf(value: unknown): readonly Mutable[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
