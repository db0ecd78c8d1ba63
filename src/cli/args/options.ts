import { type Command as Cli, Option } from 'commander';
import type { Common, Consent, UndoGoal, Working } from './command.ts';
import { assignment, list, positive, repeated, time } from './values.ts';

/** Option values as commander gathers them; only what a command declares is there. */
export interface Raw {
  readonly inventory?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly only?: readonly string[];
  readonly from?: string;
  readonly limit?: string;
  readonly set?: readonly string[];
  readonly concurrency?: number;
  readonly timeout?: number;
  readonly acceptNewHostKeys?: boolean;
  readonly yes?: boolean;
  readonly allowReplace?: boolean;
  readonly allowDataLoss?: readonly string[];
  readonly run?: string;
  readonly to?: string;
  readonly undo?: boolean;
  readonly exitCode?: boolean;
  readonly out?: string;
  readonly verify?: boolean;
  readonly disrupt?: boolean;
  readonly force?: boolean;
  readonly log?: boolean;
  readonly all?: boolean;
  readonly askBecomePassword?: boolean;
  readonly traceIo?: string;
}

const none: readonly string[] = [];

export function addInventory(cli: Cli): Cli {
  return cli.option('-i, --inventory <folder>', 'inventory to use instead of the project’s default');
}

export function addCommon(cli: Cli): Cli {
  return addInventory(cli)
    .option('--json', 'a JSON object a line instead of text')
    .option('--quiet', 'only how it ended')
    .option('-v, --verbose', 'everything: each field, each unchanged resource, all output');
}

export function addSet(cli: Cli): Cli {
  return cli.option('--set <key=value>', 'set a variable above all layers; the value is YAML', assignment);
}

export function addHostKeys(cli: Cli): Cli {
  return cli.option('--accept-new-host-keys', 'take the key of an SSH host that nobody knows yet, and remember it');
}

/** What commands take that reach hosts. */
export function addHosts(cli: Cli): Cli {
  return addHostKeys(
    cli.option('-K, --ask-become-password', 'ask for the password that sudo, su or doas wants on hosts'),
  ).option('--trace-io <file>', 'write every round trip to a host to this file: bytes, time, what was asked');
}

export function addWorking(cli: Cli): Cli {
  const own = cli
    .option('--only <steps>', 'only these steps: devpi/40,50-60', list)
    .option('--from <step>', 'begin with this step: 50 or devpi/50')
    .option('--limit <hosts>', 'only these hosts and groups: web:&prod:!db1, or @failed');
  return addCommon(
    addHosts(addSet(own))
      .option('--concurrency <targets>', 'most targets of a step at work at once (default 50)', positive)
      .option(
        '--timeout <time>',
        'most time for one resource to become ready, or to be gone: 90s, 10m, 2h (default 5m)',
        time,
      ),
  );
}

export function addConsent(cli: Cli): Cli {
  return cli
    .option('--yes', 'don’t ask; never covers loss')
    .option('--allow-replace', 'agree that resources are removed and made again')
    .option('--allow-data-loss <address>', 'agree that the data of this resource is lost', repeated);
}

export function addGoal(cli: Cli): Cli {
  return cli
    .option('--run <id>', 'take back only what this run changed')
    .addOption(new Option('--to <step>', 'stop at this step, which stays').conflicts('run'));
}

export function commonOf(raw: Raw): Common {
  return {
    ...(raw.inventory === undefined ? {} : { inventory: raw.inventory }),
    json: raw.json ?? false,
    quiet: raw.quiet ?? false,
    verbose: raw.verbose ?? false,
  };
}

/** A playbook that may be left out. */
export function playbookOf(playbook: string | undefined): { readonly playbook?: string } {
  return playbook === undefined ? {} : { playbook };
}

export function workingOf(raw: Raw): Working {
  return {
    ...commonOf(raw),
    selection: {
      only: raw.only ?? none,
      ...(raw.from === undefined ? {} : { from: raw.from }),
      ...(raw.limit === undefined ? {} : { limit: raw.limit }),
      set: raw.set ?? none,
    },
    ...(raw.concurrency === undefined ? {} : { concurrency: raw.concurrency }),
    ...(raw.timeout === undefined ? {} : { timeout: raw.timeout }),
    ...hostsOf(raw),
  };
}

/** What `addHosts` adds. */
export function hostsOf(raw: Raw): Pick<Working, 'acceptNewHostKeys' | 'askBecomePassword' | 'traceIo'> {
  return {
    ...(raw.acceptNewHostKeys ? { acceptNewHostKeys: true } : {}),
    ...(raw.askBecomePassword ? { askBecomePassword: true } : {}),
    ...(raw.traceIo === undefined ? {} : { traceIo: raw.traceIo }),
  };
}

export function consentOf(raw: Raw): Consent {
  return {
    yes: raw.yes ?? false,
    allowReplace: raw.allowReplace ?? false,
    allowDataLoss: raw.allowDataLoss ?? none,
  };
}

export function goalOf(raw: Raw): UndoGoal {
  return { ...(raw.run === undefined ? {} : { run: raw.run }), ...(raw.to === undefined ? {} : { to: raw.to }) };
}
