import { problem } from '../../../model/diagnostic.ts';
import type { KubeObject } from '../../../model/kube.ts';
import type { Readiness } from '../../../model/resource.ts';
import { byCondition, isOfNow, said } from './by-conditions.ts';
import { findCondition } from './conditions.ts';
import { judge, type Looking } from './looking.ts';

/** A cert-manager Certificate is ready when it is issued; one whose request failed says why. */
export function certificateReadiness(certificate: KubeObject, looking: Looking): Readiness {
  // https://cert-manager.io/docs/usage/certificate/: after a failure, the next try comes an hour later.
  const issuing = findCondition(certificate.status, 'Issuing');
  const hasFailed = issuing?.status === 'False' && (issuing.reason === 'Failed' || issuing.reason === 'Denied');
  if (hasFailed && isOfNow(certificate, issuing)) {
    return judge(problem('not-issued', said(certificate, issuing)), issuing.since, looking.since);
  }
  return byCondition(certificate, 'Ready', looking);
}
