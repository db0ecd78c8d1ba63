import type { AnyType } from '../../model/resource.ts';
import { index } from './package-index.ts';
import { user } from './user.ts';

/** Every resource type of devpi. */
export const devpiTypes: readonly AnyType[] = [user.type, index.type];
