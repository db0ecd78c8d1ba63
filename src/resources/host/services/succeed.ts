import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { HostReader, RunResult, RunSpec } from '../../../model/host.ts';

/** Asks a service manager by a command. Rejects with `unreadable` and what it said when that fails. */
export async function succeed(argv: RunSpec['argv'], from: HostReader): Promise<RunResult> {
  const result = await from.ask({ ask: 'run', argv });
  if (result.status === 0) return result;
  const detail = result.stderr.split('\n').filter((line) => line !== '');
  throw new CairnError(
    problem('unreadable', `could not ask the service manager: ${detail[0] ?? argv.join(' ')}`, { detail }),
  );
}
