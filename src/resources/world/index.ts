import type { AnyType } from '../../model/resource.ts';
import { actionType } from './action.ts';
import { gateType } from './gate.ts';
import { probeType } from './probe.ts';
import { requirementType } from './requirement.ts';

/** Types that look at whatever their step's targets offer. */
export const worldTypes: readonly AnyType[] = [actionType, gateType, probeType, requirementType];
