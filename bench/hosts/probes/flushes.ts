import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, secondsOf } from '../../measure.ts';
import type { Farm } from '../farm.ts';

/** What the journal asked of the disk in one run. */
export interface Flushes {
  /** Runs of steps on a host. */
  readonly count: number;
  /** Seconds during which at least one flush was on its way. */
  readonly seconds: number;
  /** Of the whole run. */
  readonly wall: number;
}

/** Makes every flush of a Node program take this many milliseconds longer, and counts them. */
export function withFlushes(farm: Farm, command: Command, delay = 0): Command {
  const file = join(farm.folder, 'work', 'flushes');
  const code = `
import{open}from'node:fs/promises';import{writeFileSync}from'node:fs';
const at=await open('/dev/null');const of=Object.getPrototypeOf(at);await at.close();
let count=0,busy=0,seconds=0,since=0;
for(const name of['sync','datasync']){const real=of[name];of[name]=async function(){
count+=1;if(busy++===0)since=performance.now();
try{await real.call(this);if(${delay})await new Promise(done=>setTimeout(done,${delay}))}
finally{if(--busy===0)seconds+=(performance.now()-since)/1000}}}
process.on('exit',()=>writeFileSync(${JSON.stringify(file)},JSON.stringify({count,seconds})))`;
  const words = ['--import', `data:text/javascript,${encodeURIComponent(code)}`, ...command.words];
  return { ...command, words };
}

/** Counts them in one run. */
export async function flushesOf(farm: Farm, command: Command): Promise<Flushes> {
  const wall = await secondsOf(withFlushes(farm, command));
  const { count, seconds } = JSON.parse(readFileSync(join(farm.folder, 'work', 'flushes'), 'utf8'));
  return { count, seconds, wall };
}
