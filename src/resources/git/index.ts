import type { AnyType } from '../../model/resource.ts';
import { contentsType } from './contents.ts';

/** Every resource type of Git hosts. */
export const gitTypes: readonly AnyType[] = [contentsType];
