import { applicationCases } from './application-cases.ts';
import type { Case } from './case.ts';
import { otherCases } from './other-cases.ts';
import { podCases } from './pod-cases.ts';
import { workflowCases } from './workflow-cases.ts';
import { workloadCases } from './workload-cases.ts';

/** Real statuses → what they mean. Runs on the fake server, and on a real one. */
export const cases: Readonly<Record<string, readonly Case[]>> = {
  workloads: workloadCases,
  'their pods': podCases,
  'other kinds': otherCases,
  workflows: workflowCases,
  Applications: applicationCases,
};
