import type { Command as Cli } from 'commander';
import type { OnHosts } from './command.ts';
import type { DeclaredCommand } from './declared.ts';
import { addCommon, addHostKeys, addHosts, addInventory, commonOf, hostsOf, type Raw } from './options.ts';
import { positive, time } from './values.ts';

const exec: DeclaredCommand = {
  usage: 'exec <pattern> <command...>',
  about: 'run a command on hosts, without a shell; nothing is journaled',
  examples: [
    'exec web -- uptime',
    "exec 'web:&prod:!web3' -- systemctl is-active nginx",
    "exec all -- sh -c 'df -h /'",
  ],
  options: (cli) =>
    addOnHosts(cli).option('--timeout <time>', 'most time for the command: 90s, 10m, 2h (default 5m)', time),
  read({ words: [pattern = '', ...words], raw }, refuse) {
    const [program, ...rest] = words.filter((word) => word !== undefined);
    if (program === undefined) return refuse('exec needs a command: cairn exec web -- uptime');
    const timeout = raw.timeout === undefined ? {} : { timeout: raw.timeout };
    return { name: 'exec', argv: [program, ...rest], ...timeout, ...onHostsOf(pattern, raw) };
  },
};

const facts: DeclaredCommand = {
  usage: 'facts <pattern>',
  about: 'what hosts say of themselves: system, architecture, init',
  examples: ['facts all', 'facts web --json'],
  options: addOnHosts,
  read: ({ words: [pattern = ''], raw }) => ({ name: 'facts', ...onHostsOf(pattern, raw) }),
};

const fetch: DeclaredCommand = {
  usage: 'fetch <pattern> <path> [destination]',
  about: 'bring a file of each host here, to DESTINATION/HOST/PATH',
  examples: ['fetch web /var/log/nginx/error.log', "fetch 'all:!db1' /etc/ssh/sshd_config before-the-change"],
  options: addOnHosts,
  read({ words: [pattern = '', path = '', destination = '.'], raw }, refuse) {
    if (!path.startsWith('/') || path.endsWith('/'))
      refuse(`fetch needs the whole path of a file: /etc/motd, not ${path}`);
    return { name: 'fetch', path, destination, ...onHostsOf(pattern, raw) };
  },
};

const shell: DeclaredCommand = {
  usage: 'shell <host>',
  about: 'a login on one host, at this terminal; ends with what its shell ends with',
  examples: ['shell web1', "shell 'db[0]' -i inventory/prod"],
  options: (cli) => addInventory(addHostKeys(cli)),
  read: ({ words: [pattern = ''], raw }) => ({
    name: 'shell',
    pattern,
    ...commonOf(raw),
    ...(raw.acceptNewHostKeys ? { acceptNewHostKeys: true } : {}),
  }),
};

function addOnHosts(cli: Cli): Cli {
  return addCommon(addHosts(cli).option('--concurrency <hosts>', 'most hosts asked at once (default 50)', positive));
}

function onHostsOf(pattern: string, raw: Raw): OnHosts {
  return {
    pattern,
    ...commonOf(raw),
    ...(raw.concurrency === undefined ? {} : { concurrency: raw.concurrency }),
    ...hostsOf(raw),
  };
}

/** The commands that ask hosts without a playbook. */
export const hostCommands: readonly DeclaredCommand[] = [exec, facts, fetch, shell];
