// The least that the work can cost over ssh2, one connection a host, hosts side by side.
//   node bench/hosts/bare-ssh2.ts SCENARIO channels|careful|script FOLDER near|far
// channels: a channel for each task, one after the other. careful: a live sh, and for each task a durable record, then check, act
// and check again in one round trip, then a durable record. script: all tasks of a host in one script, nothing kept.
import { readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { connect as dial } from 'node:net';
import { join } from 'node:path';
import ssh2, { type Client, type ClientChannel } from 'ssh2';
import { type FarmHost, type FarmNotes, farmFile } from './farm.ts';
import { scriptOf } from './shell.ts';
import { type ScenarioName, scenarios, type Task } from './workloads.ts';

const [name = 's2', mode = 'channels', folder = '', line = 'near'] = process.argv.slice(2);
const { tasks, hosts: count } = scenarios[name as ScenarioName];
const farm: FarmNotes = JSON.parse(readFileSync(join(folder, farmFile), 'utf8'));
const privateKey = readFileSync(farm.key);
const known = new Set(readFileSync(farm.knownHosts, 'utf8').split('\n'));
const journal = mode === 'careful' ? await open(join(folder, 'work/journal'), 'w') : undefined;

// Records that come while one is flushed share the next flush.
interface Waiting {
  readonly text: string;
  readonly done: () => void;
}
let waiting: Waiting[] = [];
let isFlushing = false;

await Promise.all(farm.hosts.slice(0, count).map(work));
await journal?.close();

async function work(host: FarmHost): Promise<void> {
  const client = await connect(line === 'far' ? host.slowPort : host.port);
  const scripts = tasks.map((task: Task) => scriptOf(task, host.root, host.name));
  if (mode === 'channels') for (const script of scripts) await inChannel(client, script);
  if (mode === 'script') await inChannel(client, 'sh', scripts.join('\n'));
  if (journal) await carefully(client, { scripts, host: host.name, to: journal });
  client.end();
}

function connect(port: number): Promise<Client> {
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    client.once('ready', () => resolve(client)).once('error', reject);
    client.connect({
      sock: dial({ host: '127.0.0.1', port, noDelay: true }),
      username: farm.user,
      privateKey,
      readyTimeout: 60_000,
      hostVerifier: (key: Buffer) => known.has(`[127.0.0.1]:${port} ssh-ed25519 ${key.toString('base64')}`),
    });
  });
}

// Whoever listens a tick later may miss how a short command ended.
function inChannel(client: Client, command: string, input = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error) return reject(error);
      let code: number | undefined;
      channel.on('exit', (status: number) => {
        code = status;
      });
      channel.once('close', () =>
        code === 0 ? resolve() : reject(new Error(`${command.slice(0, 80)} ended with ${code}`)),
      );
      channel.resume().stderr.resume();
      channel.end(input);
    });
  });
}

interface Careful {
  readonly scripts: readonly string[];
  readonly host: string;
  readonly to: FileHandle;
}

async function carefully(client: Client, { scripts, host, to }: Careful): Promise<void> {
  const shell = await channelOf(client, 'sh');
  const lines: ((text: string) => void)[] = [];
  let rest = '';
  shell.on('data', (bytes: Buffer) => {
    const all = `${rest}${bytes}`.split('\n');
    rest = all.pop() ?? '';
    for (const text of all) lines.shift()?.(text);
  });
  for (const [step, script] of scripts.entries()) {
    await note(to, { host, step, is: 'intent' });
    const said = await new Promise<string>((resolve) => {
      lines.push(resolve);
      shell.write(`a=$(${script}); b=$(${script}); echo "$a:$b"\n`);
    });
    if (!said.endsWith(':ok')) throw new Error(`${host}: ${said}`);
    await note(to, { host, step, is: 'done', said });
  }
  shell.end();
}

function channelOf(client: Client, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel)));
  });
}

function note(to: FileHandle, record: unknown): Promise<void> {
  return new Promise((done) => {
    waiting.push({ text: `${JSON.stringify(record)}\n`, done });
    if (!isFlushing) void flush(to);
  });
}

async function flush(to: FileHandle): Promise<void> {
  isFlushing = true;
  while (waiting.length > 0) {
    const now = waiting;
    waiting = [];
    await to.appendFile(now.map(({ text }) => text).join(''));
    await to.datasync();
    for (const { done } of now) done();
  }
  isFlushing = false;
}
