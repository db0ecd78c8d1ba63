import { PassThrough, Readable, Writable } from 'node:stream';
import { Exec } from '@kubernetes/client-node';
import { CairnError, problem } from '../../model/diagnostic.ts';
import type { ExecPod, ExecResult } from '../../model/kube.ts';
import type { KubeClient } from './client.ts';
import { asFields, asList, textOf } from './json.ts';
import { webSocketConfig } from './web-socket.ts';

/** Milliseconds that a program in a container may take. */
const longest = 300_000;

/** Runs a program in a container, over a web socket of the official client, which is loaded only for this. */
export async function execInPod(
  client: KubeClient,
  pod: ExecPod,
  argv: readonly string[],
  stdin?: string,
): Promise<ExecResult> {
  const config = await webSocketConfig(client);
  const [stdout, stderr] = [new Collected(), new Collected()];
  const input = stdin === undefined ? null : Readable.from([Buffer.from(stdin)]).pipe(new PassThrough());
  const where = `pod ${pod.namespace}/${pod.name}`;
  const within = pod.within ?? longest;
  return new Promise((resolve, reject) => {
    let close = (): void => {};
    const fail = (why: string): void =>
      reject(new CairnError(problem('kube-exec', `running ${argv[0]} in ${where}: ${why}`)));
    const timer = setTimeout(() => {
      fail(`no end after ${within / 1000} s`);
      close();
    }, within);
    const done = (status: unknown): void => {
      clearTimeout(timer);
      const code = statusCode(status);
      if (code === null) fail(textOf(asFields(status).message));
      else resolve({ status: code, stdout: stdout.text(), stderr: stderr.text() });
    };
    new Exec(config)
      .exec(pod.namespace, pod.name, pod.container ?? '', [...argv], stdout, stderr, input, false, done)
      .then((socket) => {
        close = () => socket.close();
        socket.onclose = () => {
          clearTimeout(timer);
          fail('the connection ended before the program');
        };
      })
      .catch((error: unknown) => {
        clearTimeout(timer);
        fail(messageOf(error));
      });
  });
}

class Collected extends Writable {
  readonly #chunks: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString();
  }
}

// The channel's last word: Success, or Failure with the exit code as a cause; anything else is no exit at all.
function statusCode(status: unknown): number | null {
  const { status: word, reason, details } = asFields(status);
  if (word === 'Success') return 0;
  if (reason !== 'NonZeroExitCode') return null;
  const cause = asList(asFields(details).causes)
    .map(asFields)
    .find((one) => one.reason === 'ExitCode');
  return Number(cause?.message ?? 1);
}

function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return textOf(asFields(error).message) || 'the server refused the connection';
}
