import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { launcher } from '../rig/launcher.ts';
import { playbook, type Ran, type Site } from './rig.ts';

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

/** Goes on where a killed run ended, and says in how many milliseconds; a run that wrote nothing is in no journal, and is begun anew. */
export async function goOn(site: Site, { run }: Killed): Promise<Ran & { readonly ms: number }> {
  const isKnown = run !== '' && (await site.cairn('history')).stdout.includes(run);
  const began = performance.now();
  const ran = await (isKnown ? site.cairn('up', '--run', run, '--yes') : site.cairn('up', playbook, '--yes'));
  return { ...ran, ms: performance.now() - began };
}

// What systemd says of every start of a unit, in the catalogue of its messages.
const started = '39f53479d3a045ac8e11786248231fbf';
const counting = `
cd /run/effects
for file in *; do [ ! -f "$file" ] || echo "$file $(wc -l <"$file")"; done
starts=$(journalctl -q -u greeter -o cat --since "@$(cat /run/forgotten)" MESSAGE_ID=${started} | wc -l)
[ "$starts" = 0 ] || echo "starts $starts"`;

/** How often each thing happened whose repetition would show nowhere else, since it was forgotten: `web1 installs 1`. */
export async function effectsOf(site: Site): Promise<readonly string[]> {
  const counted = await site.each(async ({ name, sh }) =>
    (await sh(counting))
      .split('\n')
      .filter(Boolean)
      .map((line) => `${name} ${line}`),
  );
  return counted.flat();
}

export async function forgetEffects(site: Site): Promise<void> {
  await site.each((machine) => machine.sh('rm -f /run/effects/*; date +%s.%6N >/run/forgotten'));
}
