import type { AnyType } from '../../model/resource.ts';
import { deployKey } from './deploy-key.ts';
import { webhook } from './webhook.ts';

/** Every resource type of GitHub. */
export const githubTypes: readonly AnyType[] = [deployKey.type, webhook.type];
