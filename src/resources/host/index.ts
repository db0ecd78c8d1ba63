import type { AnyType } from '../../model/resource.ts';
import { authorizedKey } from './accounts/authorized-key.ts';
import { group } from './accounts/group.ts';
import { user } from './accounts/user.ts';
import { command } from './command.ts';
import { block } from './content/block.ts';
import { line } from './content/line.ts';
import { iniValue, jsonValue, tomlValue, yamlValue } from './content/value/value.ts';
import { directory } from './directory.ts';
import { file } from './file.ts';
import { gitCheckout } from './git/checkout.ts';
import { hostsEntry } from './hosts-entry.ts';
import { kernelModule } from './kernel/module.ts';
import { mount } from './kernel/mount.ts';
import { sysctl } from './kernel/sysctl.ts';
import { link } from './link.ts';
import { aptPackage } from './package.ts';
import { aptRepository } from './packages/apt-repository.ts';
import { venv } from './python/venv.ts';
import { reboot } from './reboot.ts';
import { cron } from './scheduled/cron.ts';
import { service } from './services/service.ts';
import { treePermissions } from './tree/permissions.ts';
import { stray } from './tree/stray.ts';

/** Every resource type of hosts. */
export const hostTypes: readonly AnyType[] = [
  file.type,
  directory.type,
  link.type,
  aptPackage.type,
  command.type,
  hostsEntry.type,
  gitCheckout.type,
  venv.type,
  group.type,
  user.type,
  authorizedKey.type,
  aptRepository.type,
  service.type,
  sysctl.type,
  kernelModule.type,
  mount.type,
  cron.type,
  reboot.type,
  stray.type,
  treePermissions.type,
  line.type,
  block.type,
  yamlValue.type,
  jsonValue.type,
  iniValue.type,
  tomlValue.type,
];
