import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import { CairnError, problem } from '../../model/diagnostic.ts';
import { revealText } from '../../model/secret.ts';
import type { DownloadCall } from '../../model/tools.ts';
import { plainHttp, secureHttp, tls } from '../builtin.ts';

const mostRedirects = 5;
/** Milliseconds without a byte. */
const patience = 60_000;
const mostBytes = 256 * 1024 * 1024;

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The bytes behind a URL, whose sum is checked before anybody gets them. A `cache` folder keeps them by their sum; `env` may
 * name a proxy. Rejects with `download-failed` or `wrong-checksum`; of a URL only what can't hold a secret is named.
 */
export async function download(
  call: DownloadCall,
  { cache, env }: { readonly cache?: string; readonly env: Env },
): Promise<Uint8Array> {
  const known = cache === undefined ? null : await readFile(join(cache, call.sha256)).catch(() => null);
  if (known && sumOf(known) === call.sha256) return known;
  const bytes = await fetchFrom(new URL(call.url), call, { left: mostRedirects, env });
  const found = sumOf(bytes);
  if (found !== call.sha256) throw wrongSum(call, found);
  if (cache !== undefined) await keep(join(cache, call.sha256), bytes);
  return bytes;
}

async function keep(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.${process.pid}`;
  try {
    await writeFile(fresh, bytes, { mode: 0o600 });
    await rename(fresh, path);
  } finally {
    await rm(fresh, { force: true });
  }
}

function sumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

interface Way {
  readonly left: number;
  readonly env: Env;
}

async function fetchFrom(url: URL, call: DownloadCall, { left, env }: Way): Promise<Uint8Array> {
  const answer = await send(url, call, env);
  const { statusCode = 0, headers } = answer;
  if (statusCode === 200) return await collect(url, answer);
  answer.destroy();
  if (statusCode < 300 || statusCode >= 400 || headers.location === undefined)
    throw failed(url, `the answer is ${statusCode}`);
  if (left === 0) throw failed(url, `it leads on more than ${mostRedirects} times`);
  const next = nextOf(url, headers.location);
  // Whoever is elsewhere doesn't get what was meant for this one.
  const { headers: _, ...rest } = call;
  return await fetchFrom(next, next.origin === url.origin ? call : rest, { left: left - 1, env });
}

function nextOf(url: URL, location: string): URL {
  const next = URL.parse(location, url);
  if (next && (next.protocol === 'https:' || (next.protocol === 'http:' && url.protocol === 'http:'))) return next;
  throw failed(url, `it leads to ${next ? `a ${next.protocol} URL` : 'what is no URL'}, which is not followed`);
}

async function send(url: URL, { headers = {}, ca }: DownloadCall, env: Env): Promise<IncomingMessage> {
  const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, revealText(value)]));
  const { Agent, request } = url.protocol === 'https:' ? secureHttp() : plainHttp();
  const agent = new Agent({ proxyEnv: { ...env } });
  const options = { agent, headers: plain, ...(ca === undefined ? {} : { ca: [...tls().rootCertificates, ca] }) };
  return await new Promise((resolve, reject) => {
    const call = request(url, options, resolve);
    call.setTimeout(patience, () => call.destroy(new Error(`nothing came for ${patience / 1000} s`)));
    call.on('error', (error: NodeJS.ErrnoException) => reject(failed(url, error.code ?? error.message)));
    call.end();
  });
}

async function collect(url: URL, answer: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > mostBytes) throw failed(url, `it has more than ${mostBytes / 1024 / 1024} MiB`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof CairnError) throw error;
    throw failed(url, `the answer broke off after ${size} bytes`);
  }
  return Buffer.concat(chunks);
}

// A query may hold a signature.
function shown(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function failed(url: URL, why: string): CairnError {
  return new CairnError(
    problem('download-failed', `${shown(url)} can't be fetched: ${why}`, {
      help: 'correct url or headers in the step, or try again when the server answers',
    }),
  );
}

function wrongSum({ url, sha256 }: DownloadCall, found: string): CairnError {
  return new CairnError(
    problem('wrong-checksum', `${shown(new URL(url))} is not what it should be: its sha256 is ${found}`, {
      help: `expected ${sha256}: ask whoever publishes it, and correct sha256 in the step if they changed it on purpose`,
    }),
  );
}
