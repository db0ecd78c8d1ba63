import type { AnyType } from '../../model/resource.ts';
import { command } from './command.ts';
import { block } from './content/block.ts';
import { line } from './content/line.ts';
import { jsonValue, yamlValue } from './content/value/value.ts';
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
  line.type,
  block.type,
  yamlValue.type,
  jsonValue.type,
];
