import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Selection } from '../../model/journal.ts';

/** What every command takes. */
export interface Common {
  /** As the user named it; the project's default without one. */
  readonly inventory?: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** What every command takes that works on targets. */
export interface Working extends Common {
  readonly selection: Selection;
  /** Keys of hosts that nobody knows yet are taken and remembered. */
  readonly acceptNewHostKeys?: true;
  /** Most targets of a step at work at once. */
  readonly concurrency?: number;
  /** Most time for one resource to become ready, or to be gone, milliseconds. */
  readonly timeout?: number;
  /** A person is asked for the password that hosts want for becoming another user. */
  readonly askBecomePassword?: true;
  /** File that every round trip to a host is written to. */
  readonly traceIo?: string;
}

/** What the user agrees to beforehand. `--yes` never covers loss. */
export interface Consent {
  readonly yes: boolean;
  readonly allowReplace: boolean;
  /** Addresses whose data may go. */
  readonly allowDataLoss: readonly string[];
}

/** Which state undo goes back to: the baseline without either. */
export interface UndoGoal {
  /** Only what this run changed. */
  readonly run?: string;
  /** Stops at this step, which stays. */
  readonly to?: string;
}

export interface PlanCommand extends Working, UndoGoal {
  readonly name: 'plan';
  readonly playbook: string;
  /** Shows what undo would do. */
  readonly undo: boolean;
  /** Ends with 3 when changes are pending. */
  readonly exitCode: boolean;
  /** File that the plan is saved to. */
  readonly out?: string;
}

export interface UpCommand extends Working, Consent {
  readonly name: 'up';
  /** Or the file of a saved plan, which knows its playbook. Missing only with `run`, which knows it as well. */
  readonly playbook?: string;
  /** The run to go on with. */
  readonly run?: string;
  /** Whether the checks of steps that changed are run. */
  readonly verify: boolean;
  readonly disrupt: boolean;
}

export interface VerifyCommand extends Working {
  readonly name: 'verify';
  readonly playbook: string;
  /** Also runs checks that restart or kill something. */
  readonly disrupt: boolean;
}

export interface UndoCommand extends Working, Consent, UndoGoal {
  readonly name: 'undo';
  readonly playbook: string;
  /** Takes back also what others changed after us. */
  readonly force: boolean;
  /** Takes back also what steps keep: packages, caches. */
  readonly all: boolean;
}

export interface ForgetCommand extends Working {
  readonly name: 'forget';
  readonly playbook: string;
  /** As plans and the journal have them: `ConfigMap/shop/settings`. */
  readonly addresses: readonly string[];
  readonly yes: boolean;
}

export interface LintCommand extends Common {
  readonly name: 'lint';
  /** All playbooks without one. */
  readonly playbook?: string;
  readonly set: readonly string[];
}

export interface StatusCommand extends Common {
  readonly name: 'status';
}

export interface HistoryCommand extends Common {
  readonly name: 'history';
  readonly run?: string;
  /** Shows the saved log of the run. */
  readonly log: boolean;
}

export interface ExplainCommand extends Common {
  readonly name: 'explain';
  /** Dotted: `devpi.image.tag`. */
  readonly key: string;
  /** All playbooks without one. */
  readonly playbook?: string;
  readonly set: readonly string[];
}

export interface InventoryCommand extends Common {
  readonly name: 'inventory';
}

/** What the commands take that ask hosts of the inventory, without a playbook. */
export interface OnHosts extends Common {
  /** As `--limit` takes it: `web:&prod:!db1`. */
  readonly pattern: string;
  /** Most hosts asked at once. */
  readonly concurrency?: number;
  readonly acceptNewHostKeys?: true;
  readonly askBecomePassword?: true;
  /** File that every round trip to a host is written to. */
  readonly traceIo?: string;
}

export interface FactsCommand extends OnHosts {
  readonly name: 'facts';
}

export interface ExecCommand extends OnHosts {
  readonly name: 'exec';
  readonly argv: readonly [string, ...string[]];
  /** Most time for the command, milliseconds. */
  readonly timeout?: number;
}

export interface FetchCommand extends OnHosts {
  readonly name: 'fetch';
  /** Of a file on the hosts, absolute. */
  readonly path: string;
  /** Folder on this machine, as the user named it. */
  readonly destination: string;
}

/** Takes a person to one host. */
export interface ShellCommand extends Common {
  readonly name: 'shell';
  /** That names one host. */
  readonly pattern: string;
  readonly acceptNewHostKeys?: true;
}

export type ClusterCommand = { readonly name: 'cluster' } & Common &
  (
    | { readonly action: 'up'; readonly yes: boolean }
    /** `all`: packages, caches and journal too. */
    | { readonly action: 'down'; readonly yes: boolean; readonly all: boolean }
    | { readonly action: 'status' | 'kubeconfig' }
  );

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export interface CompletionCommand {
  readonly name: 'completion';
  readonly shell: Shell;
}

/** What the user asked for. `text` is help or the version; `wrong` names what can't be understood (exit code 2). */
export type Command =
  | PlanCommand
  | UpCommand
  | VerifyCommand
  | UndoCommand
  | ForgetCommand
  | LintCommand
  | StatusCommand
  | HistoryCommand
  | ExplainCommand
  | InventoryCommand
  | FactsCommand
  | ExecCommand
  | FetchCommand
  | ShellCommand
  | ClusterCommand
  | CompletionCommand
  | { readonly name: 'text'; readonly text: string }
  | { readonly name: 'wrong'; readonly problems: readonly [Diagnostic, ...Diagnostic[]] };
