import type { AnyType } from '../../model/resource.ts';
import { applicationType } from './argo/application.ts';
import { workflowType } from './argo/workflow.ts';
import { deleteHookType } from './helm/delete-hook.ts';
import { sweepType } from './helm/sweep.ts';
import { authorityType, certificateType } from './issued/certificate.ts';
import { credentialType } from './issued/credential.ts';
import { generatedType } from './issued/generated.ts';
import { sshKeyPairType } from './issued/ssh-key-pair.ts';
import { jobType } from './kinds/job.ts';
import { objectType } from './object.ts';

/** Every resource type of Kubernetes. */
export const kubernetesTypes: readonly AnyType[] = [
  objectType as unknown as AnyType,
  jobType as unknown as AnyType,
  workflowType as unknown as AnyType,
  applicationType as unknown as AnyType,
  generatedType,
  credentialType,
  authorityType,
  certificateType,
  sshKeyPairType,
  sweepType,
  deleteHookType,
];
