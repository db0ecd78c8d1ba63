import type { ExitCode } from '../../model/event.ts';
import { buildPlan, type PreparedStep } from '../../plan/build.ts';
import { refOf } from '../../run/execute.ts';
import { announceLost, type SetApart, setLostApart, targetOf, withLost } from '../../run/lost-hosts.ts';
import { verify as verifySteps } from '../../run/verify.ts';
import type { VerifyCommand } from '../args/command.ts';
import type { Terminal } from '../ask.ts';
import { systemClock } from '../clock.ts';
import { keepFailed, namingFailed } from '../failed-hosts.ts';
import { freshRunId } from '../past.ts';
import { optionsOf, runInFrame } from '../run-frame.ts';
import { logFileOf, openSession, reportFor, type Session } from '../session.ts';

/** `cairn verify`: proves what every step promises, from outside. */
export async function verify(asked: VerifyCommand, terminal: Terminal): Promise<ExitCode> {
  const command = await namingFailed(asked, terminal);
  const session = await openSession(terminal, command, 'write');
  const run = await freshRunId(session.project);
  const report = reportFor(terminal, command, logFileOf(session.project, run));
  const steps = session.compiled.filter(({ instance }) => instance.step.phase !== 'rollback');
  try {
    return await runInFrame(
      {
        ...session,
        run,
        command: 'verify',
        selection: command.selection,
        doing: `cairn verify ${command.playbook}`,
        options: optionsOf(command, { disrupt: command.disrupt }),
        emit: report.emit,
        steps: steps.map((step) => ({ ...refOf(step), summary: step.instance.step.summary })),
      },
      async (context, state) => {
        const { proved, lost } = await read(session);
        announceLost(context, lost);
        const result = withLost(await verifySteps(context, state, proved), lost);
        keepFailed(session.project, result);
        return result;
      },
    );
  } finally {
    await report.close();
    await session.close();
  }
}

interface Read {
  readonly proved: readonly PreparedStep[];
  readonly lost: SetApart['lost'];
}

// What a test step declares is temporary: it is made for its checks, and absent before.
async function read({ project, compiled, connections }: Session): Promise<Read> {
  const lasting = compiled.filter(({ instance }) => instance.step.phase === 'up');
  const { reachable, lost } = setLostApart(await buildPlan(project, lasting, connections, systemClock.now));
  const byStep = new Map(reachable.steps.map((step) => [step.compiled, step]));
  const tests = compiled.filter(({ instance }) => instance.step.phase === 'test');
  const reach = { host: undefined, cluster: undefined, http: connections.http, git: connections.git };
  for (const step of tests.map((compiledStep) => ({ compiled: compiledStep, reach, resources: [] })))
    if (!lost.has(targetOf(step))) byStep.set(step.compiled, step);
  return { proved: compiled.flatMap((step) => byStep.get(step) ?? []), lost };
}
