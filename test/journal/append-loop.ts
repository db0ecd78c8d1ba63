// Appends until it is killed, and says on standard output what is durable.
import { FileJournal } from '../../src/journal/file-journal.ts';
import { Secret } from '../../src/model/secret.ts';
import { intent } from './sample.ts';

const [folder = '', recipient = '', identity = ''] = process.argv.slice(2);
const journal = new FileJournal({ folder, recipients: [recipient], identities: [new Secret(identity)] });
for (let i = 0; ; i += 1) {
  const writes = [0, 1, 2].map((part) =>
    journal.append(intent('aa', `step-${i}-${part}`, [{ before: 'x'.repeat(500) }])),
  );
  await Promise.all(writes);
  process.stdout.write(`${i}\n`);
}
