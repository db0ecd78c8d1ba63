import { expect } from 'vitest';
import type { Readiness } from '../../../../src/model/resource.ts';
import type { Case } from './case.ts';

export function expectVerdict({ verdict, says = '', detail }: Case, found: Readiness, namespace: string): void {
  const why = found.is === 'failed' || found.is === 'waiting' ? found.why : undefined;
  const seen = {
    verdict: found.is === 'failed' ? found.why.code : found.is,
    says: found.is === 'failed' ? found.why.summary : found.is === 'waiting' ? found.on : '',
    ...(detail ? { detail: why?.detail } : {}),
  };
  expect(seen).toEqual({
    verdict,
    says: expect.stringContaining(says.replaceAll('NS', namespace)),
    ...(detail ? { detail } : {}),
  });
}
