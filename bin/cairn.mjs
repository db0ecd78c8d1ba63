#!/usr/bin/env node
// Plain JavaScript that an old Node still parses, so that it can say what is wrong instead of failing on a word.
import { spawn } from 'child_process';
import { existsSync, readFileSync } from 'fs';
import module from 'module';
import { constants, homedir } from 'os';
import { dirname, join } from 'path';
import { fileURLToPath, pathToFileURL } from 'url';

const needed = [22, 19];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const words = process.argv.slice(2);

if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) console.log(version);
else if (isNewEnough(process.versions.node)) start();
else restart();

function isNewEnough(node) {
  const [major, minor] = node.split('.').map(Number);
  return major > needed[0] || (major === needed[0] && minor >= needed[1]);
}

async function start() {
  if (module.enableCompileCache) module.enableCompileCache(cacheFolder());
  // The sources are only there in a checkout; a package holds what was compiled from them.
  const isCheckout = existsSync(join(root, 'src', 'sdk.ts'));
  const url = (name) => pathToFileURL(join(root, isCheckout ? `src/${name}.ts` : `dist/src/${name}.js`)).href;
  const sdk = url('sdk');
  // Steps of any project get the SDK that runs, never a second copy of it.
  module.registerHooks({
    resolve: (name, context, next) =>
      name === '@cairnhq/cairn' ? { url: sdk, shortCircuit: true } : next(name, context),
  });
  const { main } = await import(url('cli/main'));
  process.exitCode = await main(words, version);
}

function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cairn', 'compiled');
}

// Goes on in the Node that was installed with this package.
function restart() {
  const node = ownNode();
  if (!node) return refuse(`the one that comes with Cairn isn't installed for ${process.platform} ${process.arch}`);
  const child = spawn(node, [fileURLToPath(import.meta.url), ...words], { stdio: 'inherit' });
  child.on('error', (error) => refuse(`the one that comes with Cairn doesn't start: ${error.message}`));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => passOn(child, signal));
  child.on('exit', (code, signal) => {
    process.exitCode = signal ? 128 + constants.signals[signal] : code;
  });
}

// A terminal sends Ctrl-C to both of us: passed on as well, it would count as the second one, which stops at once.
function passOn(child, signal) {
  if (signal === 'SIGTERM' || !process.stdin.isTTY) child.kill(signal);
}

function ownNode() {
  try {
    const name = `node-${process.platform}-${process.arch}/package.json`;
    const file = module.createRequire(import.meta.url).resolve(name);
    return isNewEnough(JSON.parse(readFileSync(file, 'utf8')).version) ? join(dirname(file), 'bin', 'node') : undefined;
  } catch {
    return undefined;
  }
}

function refuse(why) {
  console.error(
    `cairn needs Node ${needed.join('.')} or newer; this is Node ${process.versions.node} (${process.execPath}).`,
  );
  console.error(`    Another one would be used, but ${why}.`);
  console.error(
    '    Install a newer Node, or install Cairn with its optional dependencies: npm install --include=optional',
  );
  process.exitCode = 2;
}
