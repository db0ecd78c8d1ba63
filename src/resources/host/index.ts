import type { AnyType } from '../../model/resource.ts';
import { command } from './command.ts';
import { directory } from './directory.ts';
import { file } from './file.ts';
import { hostsEntry } from './hosts-entry.ts';
import { link } from './link.ts';
import { aptPackage } from './package.ts';

/** Every resource type of hosts. */
export const hostTypes: readonly AnyType[] = [
  file.type,
  directory.type,
  link.type,
  aptPackage.type,
  command.type,
  hostsEntry.type,
];
