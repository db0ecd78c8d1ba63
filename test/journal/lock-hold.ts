// Takes a lock, says so, and holds it until it is killed.
import { FileLocks } from '../../src/journal/file-locks.ts';
import { thisProcess } from '../../src/journal/holder.ts';

await new FileLocks(process.argv[2] ?? '', 'box').acquire(thisProcess('aa', 'cairn up playbooks/one.yaml'));
process.stdout.write('held');
setInterval(() => {}, 1000);
