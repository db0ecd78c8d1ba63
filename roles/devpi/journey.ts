import { createHash } from 'node:crypto';
import { CairnError, host, type Probes, problem, type Secret, type VarsOf } from '@cairnhq/cairn';
import type { Outside } from '../gateway/authority.ts';
import { type Vars as ApiVars, ask } from './api.ts';
import { devpi } from './index.ts';

type Vars = VarsOf<typeof devpi>;
type Stage = 'begin' | 'twine' | 'devpi' | 'pip' | 'uv' | 'together' | 'refused' | 'end';

const tools = 'test-tools.txt';

/** Folder with twine, uv and the devpi client. Another set of versions is another folder. */
function toolsFolder({ toolsFolder: folder }: Vars): string {
  return `${folder}/${createHash('sha256').update(devpi.read(tools)).digest('hex').slice(0, 8)}`;
}

/** What users of the index have on their machines, in an environment of its own. */
export function journeyTools(vars: Vars) {
  const folder = toolsFolder(vars);
  const complete = `${folder}/complete`;
  const install =
    'rm -rf "$1" && python3 -m venv "$1" && "$1/bin/pip" install --quiet --requirement "$2" && touch "$3"';
  return host
    .command({
      id: 'devpi-test-tools',
      argv: ['sh', '-c', install, 'install', folder, devpi.file(tools), complete],
      creates: complete,
      undo: ['rm', '-rf', folder],
      usually: '15 s',
    })
    .keep('tools for tests are a cache');
}

/** Goes one stage of the journey on a host. @throws CairnError `journey` with the last lines that it said */
export async function go(
  host: Probes['host'],
  stage: Stage,
  { vars, folder, stdin }: { vars: Vars; folder: string; stdin?: Secret | string },
): Promise<void> {
  const { apiHost, index, adminUser } = vars;
  const args = [stage, folder, toolsFolder(vars), `https://${apiHost}`, index, adminUser];
  await stageOf(host, 'journey.sh', { args, ...(stdin === undefined ? {} : { stdin }) });
}

/** Runs one stage of a journey, as a user of the host or as whoever Cairn is there. @throws CairnError as `go` does */
export async function stageOf(
  host: Probes['host'],
  journey: string,
  { args, ...spec }: { args: readonly string[]; stdin?: Secret | string; user?: string },
): Promise<void> {
  const argv = ['sh', '-c', devpi.read('wheel.sh') + devpi.read(journey), 'journey', ...args] as const;
  const { status, stdout, stderr } = await host.run({ argv, timeout: 120, ...spec });
  if (status === 0) return;
  const detail = `${stdout}\n${stderr}`.trim().split('\n').slice(-8);
  throw new CairnError(problem('journey', `stage "${args[0]}" of ${journey} ended with ${status}`, { detail }));
}

/** @throws Error when the journey left a package in the index or a file on the host */
export async function nothingLeft(
  vars: ApiVars,
  outside: Outside,
  { host, folder }: { host: Probes['host']; folder: string },
): Promise<void> {
  const { status } = await host.run({ argv: ['test', '-e', folder] });
  if (status === 0) throw new Error(`${folder} is still there`);
  const name = `cairn-probe-${folder
    .replace(/.*\//, '')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')}`;
  const path = `/${vars.devpi.index}/${name}`;
  const page = await ask(vars, outside, path);
  if (page.status !== 404) throw new Error(`GET ${path} → ${page.status}, expected 404`);
}
