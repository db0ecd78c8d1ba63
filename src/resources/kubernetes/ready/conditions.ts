import { type Fields, isFields, listAt, numberAt } from '../compare/json.ts';

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  /** ISO 8601. */
  readonly since: string | undefined;
  readonly generation: number | undefined;
}

/** The conditions at `status.conditions`, or of any other holder. */
export function conditionsOf(holder: unknown): readonly Condition[] {
  return listAt(holder, 'conditions').filter(isFields).map(conditionOf);
}

export function findCondition(holder: unknown, type: string): Condition | undefined {
  return conditionsOf(holder).find((condition) => condition.type === type);
}

function conditionOf(fields: Fields): Condition {
  return {
    type: String(fields.type),
    status: String(fields.status),
    reason: String(fields.reason ?? ''),
    message: String(fields.message ?? ''),
    since: typeof fields.lastTransitionTime === 'string' ? fields.lastTransitionTime : undefined,
    generation: numberAt(fields, 'observedGeneration'),
  };
}

/** Seconds since a time; without one, long ago. */
export function secondsSince(time: string | undefined): number {
  return time === undefined ? Number.POSITIVE_INFINITY : (Date.now() - Date.parse(time)) / 1000;
}
