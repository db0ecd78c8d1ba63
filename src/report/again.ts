/** What the user typed besides the playbook, for commands that we offer: each empty, or words after a space. */
export interface Again {
  /** ` -i inventory/example` */
  readonly inventory: string;
  /** ` --only devpi/40 --set a=b` */
  readonly selection: string;
}

export const nothingElse: Again = { inventory: '', selection: '' };
