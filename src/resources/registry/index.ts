import type { AnyType } from '../../model/resource.ts';
import { imageType } from './image.ts';

/** Every resource type of registries. */
export const registryTypes: readonly AnyType[] = [imageType];
