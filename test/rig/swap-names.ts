// Whoever owns a folder and wishes ill: takes away what appears there under a temporary name, or what is named, and leads
// that name to somebody else's file. Runs until its input closes; says how often it did.
import { readdirSync, renameSync, symlinkSync } from 'node:fs';

const [folder = '', victim = '', ...names] = process.argv.slice(2);
let swapped = 0;
let isOver = false;
process.stdin.resume().on('end', () => {
  isOver = true;
});

function swapAll(): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith('.cairn-') && !names.includes(name)) continue;
    try {
      renameSync(`${folder}/${name}`, `${folder}/taken-${swapped}`);
      symlinkSync(victim, `${folder}/${name}`);
      swapped += 1;
    } catch {
      // It was gone already.
    }
  }
}

function turn(): void {
  for (let pass = 0; pass < 200; pass += 1) swapAll();
  if (isOver) process.stdout.write(String(swapped));
  else setImmediate(turn);
}

process.stdout.write('ready\n');
turn();
