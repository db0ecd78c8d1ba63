import { type AnyType, declare, type More, type Resource } from '../../../model/resource.ts';
import { helper, type InNamespace, type WithSpec, wishOf } from '../kinds/helper.ts';
import { onceType } from '../kinds/once.ts';
import type { ObjectOut } from '../out.ts';
import { failureOfWorkflow, workflowReadiness } from '../ready/workflow.ts';

const apiVersion = 'argoproj.io/v1alpha1';

/** A Workflow that runs once for each set of inputs: again when they change, and again after it failed. */
export const workflowType = onceType({
  name: 'argo/workflow',
  purpose: 'workflow',
  body: 'spec',
  failureOf: failureOfWorkflow,
  readiness: workflowReadiness,
});

/**
 * Declares a Workflow that runs once for each set of inputs, and is waited for until it succeeded. Give it no time to live
 * (`ttlStrategy`), or it runs again when that is over; `podGC` takes the log of a pod that failed away with it.
 */
export function workflow(spec: InNamespace & WithSpec, more?: More): Resource<ObjectOut> {
  const { name, namespace, ...fields } = spec;
  const id = { apiVersion, kind: 'Workflow', namespace, name };
  return declare<ObjectOut>(workflowType as unknown as AnyType, 'managed', id, wishOf(fields), more);
}

/** What workflows refer to by `spec.workflowTemplateRef`. */
export const workflowTemplate = helper<InNamespace & WithSpec>(apiVersion, 'WorkflowTemplate');

/** A Workflow by the clock. It is not ready as long as its controller refuses what it would run. */
export const cronWorkflow = helper<InNamespace & WithSpec>(apiVersion, 'CronWorkflow');
