import { CairnError, type Probes, problem, type Secret } from '@cairnhq/cairn';
import type { Vars } from './api.ts';
import { placesOf } from './cli.ts';
import { nothingLeft, stageOf } from './journey.ts';

type Stage = 'begin' | 'login' | 'use' | 'upload' | 'install' | 'pip' | 'backup' | 'refused';

/** A package's way by the scripts of a user, gone as that user. */
export interface CliJourney {
  /** The folder of the scripts. */
  readonly scripts: string;
  /** @throws CairnError `journey` with the last lines that a stage said */
  go(stage: Stage, stdin?: Secret): Promise<void>;
  /** Takes the package out of the index and the files off the host. @throws Error when something is left */
  leave(password: Secret): Promise<void>;
}

/** Makes a folder for a journey. With a shell the scripts are called by their names, in a fresh login shell of that sort. */
export async function cliJourney(vars: Vars, probes: Probes, shell = ''): Promise<CliJourney> {
  const { host } = probes;
  const { cliUser: user } = vars.devpi;
  const { scripts } = placesOf(vars.devpi);
  const { status, stdout, stderr } = await host.run({ argv: ['mktemp', '-d', '/tmp/cairn-XXXXXXXX'], user });
  if (status !== 0) throw new CairnError(problem('journey', `${user} can't make a folder in /tmp: ${stderr.trim()}`));
  const folder = stdout.trim();
  const stage = async (name: Stage | 'end', stdin?: Secret): Promise<void> => {
    const args = [name, folder, scripts, shell];
    await stageOf(host, 'cli-journey.sh', { args, user, ...(stdin === undefined ? {} : { stdin }) });
  };
  return {
    scripts,
    go: stage,
    leave: async (password) => {
      await stage('end', password);
      await nothingLeft(vars, probes, { host, folder });
    },
  };
}
