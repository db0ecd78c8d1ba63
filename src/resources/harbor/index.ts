import type { AnyType } from '../../model/resource.ts';
import { project } from './project.ts';
import { robotAccount } from './robot-account.ts';

/** Every resource type of Harbor. */
export const harborTypes: readonly AnyType[] = [project.type, robotAccount.type];
