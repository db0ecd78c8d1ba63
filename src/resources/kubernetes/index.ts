import type { AnyType } from '../../model/resource.ts';
import { authorityType, certificateType } from './certificate.ts';
import { generatedType } from './generated.ts';
import { deleteHookType } from './helm/delete-hook.ts';
import { sweepType } from './helm/sweep.ts';
import { jobType } from './job.ts';
import { objectType } from './object.ts';

/** Every resource type of Kubernetes. */
export const kubernetesTypes: readonly AnyType[] = [
  objectType as unknown as AnyType,
  jobType as unknown as AnyType,
  generatedType,
  authorityType,
  certificateType,
  sweepType,
  deleteHookType,
];
