import type { V1JobSpec } from '@kubernetes/client-node/dist/gen/models/V1JobSpec.js';
import { type AnyType, declare, type More, type Resource } from '../../../model/resource.ts';
import type { Want } from '../apply/compose.ts';
import type { ObjectId } from '../id.ts';
import type { ObjectOut } from '../out.ts';
import { failureOf, jobReadiness } from '../ready/job.ts';
import { type InNamespace, wishOf } from './helper.ts';
import { onceType } from './once.ts';
import type { Spec } from './spec-types.ts';

/** A Job that runs once for each set of inputs: again when they change, and again after it failed. */
export const jobType = onceType({
  name: 'kubernetes/job',
  purpose: 'job',
  body: 'spec.template',
  failureOf,
  readiness: jobReadiness,
});

/** Declares a Job that runs once for each set of inputs; don't give it a time to live, or it runs again when that is over. */
export function job(spec: InNamespace & { readonly spec: Spec<V1JobSpec> }, more?: More): Resource<ObjectOut> {
  const { name, namespace, ...fields } = spec;
  return jobOf({ apiVersion: 'batch/v1', kind: 'Job', namespace, name }, wishOf(fields), more);
}

/** The same with id and wish apart. */
export function jobOf(id: ObjectId, want: Want, more?: More): Resource<ObjectOut> {
  return declare<ObjectOut>(jobType as unknown as AnyType, 'managed', id, want, more);
}
