import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Stream } from '../report/sinks/sink.ts';

/** The streams and circumstances of the process, so that tests can give others. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The release of Cairn that runs. */
  readonly release: string;
}

/** True where a person can be asked. */
export function canAsk({ stdin, stdout, env }: Terminal): boolean {
  return stdin.isTTY === true && stdout.isTTY === true && env.CI !== 'true';
}

/** Asks and takes only the whole word `yes`. Ctrl-C and Ctrl-D are a no. */
export async function askYes(terminal: Terminal, question: string): Promise<boolean> {
  const lines = createInterface({ input: terminal.stdin, output: terminal.stdout });
  try {
    const answer = await new Promise<string>((resolve) => {
      lines.once('close', () => resolve(''));
      lines.once('SIGINT', () => lines.close());
      lines.question(`${question} Only "yes" is taken: `).then(resolve, () => resolve(''));
    });
    return answer.trim() === 'yes';
  } finally {
    lines.close();
  }
}

/** Asks for something that isn't shown while it is typed. Empty where nothing was given. */
export async function askHidden(terminal: Terminal, question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: terminal.stdin, output: nowhere, terminal: true });
  terminal.stdout.write(question);
  try {
    return await new Promise<string>((resolve) => {
      lines.once('close', () => resolve(''));
      lines.once('SIGINT', () => lines.close());
      lines.question('').then(resolve, () => resolve(''));
    });
  } finally {
    lines.close();
    terminal.stdout.write('\n');
  }
}
