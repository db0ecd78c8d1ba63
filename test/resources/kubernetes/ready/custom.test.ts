import { describe, expect, it } from 'vitest';
import { FakeKube } from '../../../../src/connect/fake/kube.ts';
import type { KubeObject } from '../../../../src/model/kube.ts';
import type { ReadyWhen } from '../../../../src/model/ready.ts';
import type { Readiness } from '../../../../src/model/resource.ts';
import type { Fields } from '../../../../src/resources/kubernetes/compare/json.ts';
import { readiness } from '../../../../src/resources/kubernetes/ready/readiness.ts';
import { condition } from './case.ts';
import { ago } from './stage.ts';

const kinds = {
  widget: ['example.com/v1', 'Widget'],
  certificate: ['cert-manager.io/v1', 'Certificate'],
  issuer: ['cert-manager.io/v1', 'Issuer'],
  route: ['gateway.networking.k8s.io/v1', 'GRPCRoute'],
  apiService: ['apiregistration.k8s.io/v1', 'APIService'],
} as const;

const look = (kind: keyof typeof kinds, status: Fields | undefined, more: Fields = {}, when?: ReadyWhen) => {
  const [apiVersion, name] = kinds[kind];
  const metadata = { name: 'app', namespace: 'shop', generation: 2 };
  const object: KubeObject = { apiVersion, kind: name, metadata, ...(status ? { status } : {}), ...more };
  return readiness(object, new FakeKube(), when ? { when } : {});
};
const codeOf = (found: Readiness): string => (found.is === 'failed' ? found.why.code : found.is);

describe('readiness of what others defined', () => {
  it('goes by the condition Ready, if there is one', async () => {
    expect(codeOf(await look('widget', undefined))).toBe('ready');
    expect(codeOf(await look('widget', { conditions: [condition('Ready', 'True')] }))).toBe('ready');
    expect(await look('widget', { conditions: [condition('Ready', 'False', 'NoDisk', 'none left')] })).toMatchObject({
      is: 'waiting',
      on: 'Widget shop/app: Ready is False, NoDisk: none left',
    });
  });

  it('waits for its controller to see the newest form', async () => {
    const conditions = [condition('Ready', 'True')];
    expect(codeOf(await look('widget', { observedGeneration: 1, conditions }))).toBe('waiting');
    expect(
      codeOf(await look('widget', { conditions: [{ ...condition('Ready', 'True'), observedGeneration: 1 }] })),
    ).toBe('waiting');
  });

  it('fails when its controller has given up', async () => {
    const conditions = [condition('Stalled', 'True', 'BadSpec', 'no such size')];
    expect(await look('widget', { conditions })).toMatchObject({
      is: 'failed',
      why: { summary: 'Widget shop/app: Stalled is True, BadSpec: no such size' },
    });
  });

  it('goes by what the step says in place of that', async () => {
    const when: ReadyWhen = {
      conditions: { Synced: 'True' },
      fields: { 'status.phase': 'Running' },
      failed: { conditions: { Broken: 'True' }, fields: { 'status.phase': ['Failed', 'Lost'] } },
    };
    const synced = condition('Synced', 'True');
    const cases: readonly (readonly [Fields, string])[] = [
      [{}, 'waiting'],
      [{ conditions: [synced] }, 'waiting'],
      [{ phase: 'Running', conditions: [condition('Synced', 'False')] }, 'waiting'],
      [{ phase: 'Running', conditions: [synced] }, 'ready'],
      [{ phase: 'Lost', conditions: [synced] }, 'not-ready-field'],
      [{ phase: 'Running', conditions: [synced, condition('Broken', 'True')] }, 'not-accepted'],
      [{ phase: 'Running', observedGeneration: 1, conditions: [synced] }, 'waiting'],
    ];
    for (const [status, verdict] of cases) expect(codeOf(await look('widget', status, {}, when))).toBe(verdict);
  });

  it('tells a certificate that failed from one that is on its way', async () => {
    expect(codeOf(await look('certificate', { conditions: [condition('Ready', 'True')] }))).toBe('ready');
    const onItsWay = [condition('Ready', 'False', 'DoesNotExist'), condition('Issuing', 'True')];
    expect(codeOf(await look('certificate', { conditions: onItsWay }))).toBe('waiting');
    const failed = [condition('Ready', 'False'), condition('Issuing', 'False', 'Failed', 'issuer says no', ago(3))];
    expect(await look('certificate', { conditions: failed })).toMatchObject({
      is: 'failed',
      why: { code: 'not-issued', summary: expect.stringContaining('issuer says no') },
    });
  });

  it('names why an issuer or an API service is not there yet', async () => {
    const issuer = { conditions: [condition('Ready', 'False', 'ErrGetKeyPair', 'secret "ca" not found')] };
    expect(await look('issuer', issuer)).toMatchObject({ is: 'waiting', on: expect.stringContaining('secret "ca"') });
    const service = { conditions: [condition('Available', 'False', 'MissingEndpoints', 'no endpoints')] };
    expect(await look('apiService', service)).toMatchObject({
      is: 'waiting',
      on: expect.stringContaining('no endpoints'),
    });
  });

  it('asks each parent of a route', async () => {
    const taken = { conditions: [condition('Accepted', 'True'), condition('ResolvedRefs', 'True')] };
    const refused = { conditions: [condition('Accepted', 'False', 'NotAllowedByListeners', 'no')] };
    const spec = { spec: { parentRefs: [{ name: 'one' }, { name: 'two' }] } };
    expect(codeOf(await look('route', { parents: [taken] }, spec))).toBe('waiting');
    expect(codeOf(await look('route', { parents: [taken, taken] }, spec))).toBe('ready');
    expect(codeOf(await look('route', { parents: [taken, refused] }, spec))).toBe('not-accepted');
  });
});
