import { spawn } from 'node:child_process';
import { isAbsolute, resolve } from 'node:path';
import { redact } from '../../model/redact.ts';
import { reveal, Secret } from '../../model/secret.ts';
import type { Credentials } from './credentials.ts';
import { notHad } from './failure.ts';
import { asFields, asList, type Fields, textOf } from './json.ts';
import { bearer, type Renewable } from './kubeconfig.ts';

/** Milliseconds that a program may take; it may have to ask a service on the network. */
const deadline = 15_000;
const mostOutput = 1 << 20;
const mostLines = 20;

type ExecPlugin = Renewable & { readonly is: 'exec' };

/**
 * Asks the program that a kubeconfig names for credentials.
 * https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
 * @throws CairnError `kube-config` with the last lines of what the program said
 */
export async function askPlugin(source: ExecPlugin, context: string): Promise<Credentials> {
  const { plugin } = source;
  const command = textOf(plugin.command);
  const hint = textOf(plugin.installHint) || undefined;
  const fail = (how: string, said = ''): never => {
    throw notHad(context, [`${command} ${how}`, ...lastLines(said)], hint);
  };
  if (plugin.interactiveMode === 'Always') fail('wants to talk to somebody (interactiveMode: Always): it can not here');
  const ended = await run(command, source);
  if (ended.how !== null) return fail(ended.how, ended.stderr);
  const status = asFields(asFields(parsed(ended.stdout)).status);
  const { token, clientCertificateData, clientKeyData } = status;
  // What it printed may be the token itself: it isn't shown.
  if (token === undefined && clientCertificateData === undefined) return fail('gave no ExecCredential', ended.stderr);
  const expires = Date.parse(textOf(status.expirationTimestamp));
  return {
    headers: token === undefined ? {} : bearer(textOf(token)),
    tls: clientCertificateData === undefined ? {} : pairOf(textOf(clientCertificateData), textOf(clientKeyData)),
    ...(Number.isNaN(expires) ? {} : { expires }),
  };
}

function pairOf(cert: string, key: string): Credentials['tls'] {
  return { cert: Buffer.from(cert), key: Buffer.from(reveal(new Secret(key))) };
}

interface Ended {
  /** How it failed, null when it didn't. */
  readonly how: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, { plugin, cluster, folder }: ExecPlugin): Promise<Ended> {
  // A path is meant from where the kubeconfig lies, a bare name is looked for on the PATH.
  const program = command.includes('/') && !isAbsolute(command) ? resolve(folder, command) : command;
  const own = asList(plugin.env).map(asFields);
  const env = {
    ...process.env,
    ...Object.fromEntries(own.map(({ name, value }) => [textOf(name), textOf(value)])),
    KUBERNETES_EXEC_INFO: JSON.stringify(infoOf(plugin, cluster)),
  };
  return new Promise((done) => {
    const said = { stdout: '', stderr: '' };
    const child = spawn(program, asList(plugin.args).map(textOf), { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const end = (how: string | null): void => {
      clearTimeout(timer);
      done({ how, ...said });
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      // What it started itself may hold the pipes open.
      child.stdout.destroy();
      child.stderr.destroy();
      end(`did not end within ${deadline / 1000} s`);
    }, deadline);
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        if (said[name].length < mostOutput) said[name] += text;
      });
    }
    child.on('error', (error) => end(`could not be run: ${error.message}`));
    child.on('close', (code, signal) => end(code === 0 ? null : `failed with ${signal ?? `exit code ${code}`}`));
  });
}

function infoOf(plugin: Fields, cluster: Fields): Fields {
  const { server, 'tls-server-name': name, 'insecure-skip-tls-verify': insecure, 'proxy-url': proxy } = cluster;
  const about = { server, 'tls-server-name': name, 'insecure-skip-tls-verify': insecure, 'proxy-url': proxy };
  const authority = cluster['certificate-authority-data'];
  const spec = {
    interactive: false,
    ...(plugin.provideClusterInfo === true
      ? { cluster: { ...about, 'certificate-authority-data': authority, config: extensionOf(cluster) } }
      : {}),
  };
  return { apiVersion: textOf(plugin.apiVersion), kind: 'ExecCredential', spec };
}

function extensionOf(cluster: Fields): unknown {
  const name = 'client.authentication.k8s.io/exec';
  return asList(cluster.extensions)
    .map(asFields)
    .find((one) => one.name === name)?.extension;
}

function lastLines(text: string): readonly string[] {
  const lines = redact(text).split('\n');
  return lines.filter((line) => line.trim() !== '').slice(-mostLines);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
