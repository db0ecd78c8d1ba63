import { type ExitCode, exitCodes } from '../../model/event.ts';
import { inventoryOf } from '../../project/inventory/inventory-only.ts';
import { findRoot } from '../../project/project-file.ts';
import { inventoryView } from '../../report/views/inventory-view.ts';
import type { InventoryCommand } from '../args/command.ts';
import type { Terminal } from '../ask.ts';
import { BadInput, colorOf, reportFor } from '../session.ts';

/** `cairn inventory`: clusters, groups and hosts as they were understood. */
export async function inventory(command: InventoryCommand, terminal: Terminal): Promise<ExitCode> {
  const wanted = command.inventory === undefined ? {} : { inventory: command.inventory };
  const { shown, problems } = await inventoryOf({ root: findRoot(terminal.cwd), env: terminal.env, ...wanted });
  if (!shown) throw new BadInput(problems);
  const report = reportFor(terminal, command);
  report.print(command.json ? JSON.stringify(shown) : inventoryView(shown, { color: colorOf(terminal) }));
  await report.close();
  return exitCodes.converged;
}
