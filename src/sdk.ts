// What steps and roles import, and nothing else does: the only barrel.
export * as T from 'typebox';
export { type Deferred, type Input, type Inputs, derive, text } from './model/deferred.ts';
export { CairnError, problem } from './model/diagnostic.ts';
export type { HttpRequest, HttpResponse } from './model/http.ts';
export type { WorldReader, WorldWriter } from './model/ports.ts';
export { type More, type Resource, type ResourceType, resourceType } from './model/resource.ts';
export { Secret } from './model/secret.ts';
export { keep, type Probes, restore, rollback, type Step, step, type Undo } from './model/step.ts';
export { type ActionSpec, action } from './resources/world/action.ts';
export { type GateSpec, gate } from './resources/world/gate.ts';
export { type ProbeSpec, probe } from './resources/world/probe.ts';
export { type RequirementSpec, requirement, type Unmet } from './resources/world/requirement.ts';
