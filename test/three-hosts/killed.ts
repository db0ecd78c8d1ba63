import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { launcher, playbook, type Site } from './rig.ts';

/** What a run had said before it was killed. */
export interface Killed {
  /** Empty when it had not begun. */
  readonly run: string;
  /** Things that it had reported as made. */
  readonly made: number;
}

/** Starts `up` and kills it so many milliseconds later. Its hosts are told nothing. */
export async function killedUp({ root, env }: Site, ms: number): Promise<Killed> {
  const child = spawn(process.execPath, [launcher, 'up', playbook, '--yes', '--json'], { cwd: root, env: { ...env } });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await Promise.race([setTimeout(ms), ended]);
  child.kill('SIGKILL');
  await ended;
  return {
    run: /"run":"([0-9a-f]+)"/.exec(said)?.[1] ?? '',
    made: said.split('"type":"resource-finished"').length - 1,
  };
}

/** Goes on where a killed run ended; a run that wrote nothing is in no journal, and is begun anew. */
export async function goOn(site: Site, { run }: Killed): Promise<{ readonly code: number; readonly said: string }> {
  const isKnown = run !== '' && (await site.cairn('history')).stdout.includes(run);
  return isKnown ? site.cairn('up', '--run', run, '--yes') : site.cairn('up', playbook, '--yes');
}

/** How often each thing happened whose repetition would show nowhere else: `web1 installs 1`. */
export async function effectsOf(site: Site): Promise<readonly string[]> {
  const counted = await site.each(async ({ name, sh }) =>
    (await sh('cd /run/effects; for file in *; do [ ! -f "$file" ] || echo "$file $(wc -l <"$file")"; done'))
      .split('\n')
      .filter(Boolean)
      .map((line) => `${name} ${line}`),
  );
  return counted.flat();
}

export async function forgetEffects(site: Site): Promise<void> {
  await site.each((machine) => machine.sh('rm -f /run/effects/*'));
}
