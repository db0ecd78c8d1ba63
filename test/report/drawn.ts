// A run that is drawn and then cut off, for the test of the cursor. Runs on a terminal of its own.
import { createReport } from '../../src/report/report.ts';
import { goodRun } from './sample.ts';

const { stdout, stderr } = process;
const report = createReport({ stdout, stderr, isTTY: true, json: false, quiet: false, verbose: false, color: false });
process.on('SIGINT', () => process.exit(130));
for (const event of goodRun.slice(0, 5)) report.emit(event);
setTimeout(() => process.kill(process.pid, 'SIGINT'), 500);
