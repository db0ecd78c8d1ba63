import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wheel } from './wheel.ts';

/** A server of a Git repository, `page.git`, and of an index of packages, `simple/`, for those who know a token. */
export interface TokenSite {
  /** Without a slash at its end. */
  readonly url: string;
  /** The same server, which refuses everybody there. */
  readonly refusing: string;
  stop(): void;
}

export async function startTokenSite(token: string): Promise<TokenSite> {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-site-'));
  makeRepository(folder);
  const logins = [`Bearer ${token}`, `Basic ${btoa(`ci:${token}`)}`];
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (path.startsWith('/refusing') || !logins.includes(request.headers.authorization ?? ''))
      response.writeHead(401, { 'www-authenticate': 'Basic realm="site"' }).end();
    else if (path.startsWith('/simple/'))
      response.setHeader('content-type', 'text/html').end('<a href="/files/demo_app-1.1-py3-none-any.whl">1.1</a>');
    else if (path.startsWith('/files/')) response.end(wheel('demo_app', '1.1'));
    else {
      try {
        response.end(readFileSync(join(folder, path)));
      } catch {
        response.writeHead(404).end();
      }
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    refusing: `${url}/refusing`,
    stop: () => {
      server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function makeRepository(folder: string): void {
  const work = join(folder, 'work');
  const git = (...words: readonly string[]): void =>
    void execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-C', work, ...words]);
  execFileSync('git', ['init', '-q', '-b', 'main', work]);
  writeFileSync(join(work, 'page'), 'hello\n');
  git('add', '.');
  git('commit', '-q', '-m', 'one');
  execFileSync('git', ['clone', '-q', '--bare', work, join(folder, 'page.git')]);
  execFileSync('git', ['--git-dir', join(folder, 'page.git'), 'update-server-info']);
}
