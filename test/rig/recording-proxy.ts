import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';

/** A request that went through, and what came back. */
export interface Passed {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly status: number;
}

/** Stands before a server without TLS, and remembers what it is asked. */
export interface RecordingProxy {
  readonly url: string;
  /** Oldest first. */
  readonly passed: readonly Passed[];
  /** Answers 403 from now on to all requests of this method; `undefined` lets all through again. */
  refuse(method: string | undefined): void;
  close(): Promise<void>;
}

/** @param behind URL of the server */
export async function openRecordingProxy(behind: string): Promise<RecordingProxy> {
  const passed: Passed[] = [];
  let refused: string | undefined;
  const server = createServer((asked: IncomingMessage, answer: ServerResponse) => {
    const { method = '', url: path = '', headers } = asked;
    const note = (status: number): void => void passed.push({ method, path, status });
    if (method === refused) {
      note(403);
      answer.writeHead(403).end('{"error":"refused on the way"}');
      return;
    }
    const onward = send(`${behind}${path}`, { method, headers }, (came) => {
      note(came.statusCode ?? 0);
      answer.writeHead(came.statusCode ?? 502, came.headers);
      came.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    passed,
    refuse: (method) => {
      refused = method;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
