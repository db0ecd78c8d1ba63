import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reveal } from '../../src/model/secret.ts';
import { issueAuthority, issueCertificate } from '../../src/resources/kubernetes/issued/x509.ts';
import { run, secretValue } from '../e2e/rig.ts';
import { type Break, breakOf, type Wreck } from './break.ts';
import { argsOf, demand, heard, patch, recontain, scaleToNothing } from './wreck.ts';

const names = ['*.cairn.localhost'];
const apiHost = 'devpi-api.cairn.localhost';
/** Where the certificate is declared, and where it is shown to visitors. */
const certificate = 'platform/10,25';
const hostsFile = '/etc/hosts';
const authorityFile = '/usr/local/share/ca-certificates/cairn.crt';

/** Breaks by the step whose verify must fail; a certificate is there twice, for its step and for the listener that shows it. */
const described: readonly (readonly [step: string, name: string, wreck: Wreck])[] = [
  [
    'platform/25_gateway',
    'the certificate has expired',
    { break: async () => show({ hosts: names, days: -1, authority: await ours() }), only: certificate },
  ],
  [
    'platform/25_gateway',
    'the certificate is for another name',
    { break: async () => show({ hosts: ['*.example.org'], days: 90, authority: await ours() }), only: certificate },
  ],
  [
    'platform/10_authority',
    'the certificate is from an authority that nobody knows',
    { break: async () => show({ hosts: names, days: 90, authority: await stranger() }), only: certificate },
  ],
  [
    'platform/25_gateway',
    'the gateway listens for another domain',
    {
      async break() {
        const value = [{ op: 'replace', path: '/spec/listeners/0/hostname', value: '*.example.org' }];
        await patch('gateway', 'gateway/gateway', value, 'json');
        await heard();
      },
    },
  ],
  [
    'platform/20_traefik',
    'plain HTTP is no longer redirected',
    {
      async break() {
        const args = await argsOf('gateway', 'traefik');
        await recontain(
          'gateway',
          'traefik',
          'args',
          args.filter((arg) => !arg.includes('redirections')),
        );
        await heard();
      },
    },
  ],
  ['platform/20_traefik', 'the gateway is down', { break: () => scaleToNothing('gateway', 'traefik') }],
  [
    'platform/30_names',
    "the API host's line in /etc/hosts is gone",
    { break: async () => rewrite(hostsFile, (line) => (line.includes(apiHost) ? [] : [line])) },
  ],
  [
    'platform/30_names',
    "the API host's line in /etc/hosts leads elsewhere",
    {
      break: async () =>
        rewrite(hostsFile, (line) => [line.includes(apiHost) ? line.replace(/^\S+/, '192.0.2.1') : line]),
    },
  ],
  ['platform/40_trust', 'the authority is not in the trust store', { break: distrust }],
];

/** What can go wrong with the way in. */
export const platformBreaks: readonly Break[] = described.map(([step, name, wreck]) =>
  breakOf('platform', step, name, wreck),
);

type Issue = Parameters<typeof issueCertificate>[0];

/** Lets the gateway show another certificate. */
async function show(issue: Issue): Promise<void> {
  const made = await issueCertificate(issue);
  const stringData = { 'tls.crt': made['tls.crt'], 'tls.key': reveal(made['tls.key']) };
  await patch('gateway', 'secret/wildcard-tls', { stringData });
  await heard();
}

async function ours(): Promise<Issue['authority']> {
  return {
    certificate: await secretValue('gateway', 'authority', 'tls.crt'),
    key: await secretValue('gateway', 'authority', 'tls.key'),
  };
}

async function stranger(): Promise<Issue['authority']> {
  const made = await issueAuthority('A stranger', 90);
  return { certificate: made['tls.crt'], key: reveal(made['tls.key']) };
}

/** Writes a file in place: /etc/hosts may be a mount of its own. */
function rewrite(path: string, change: (line: string) => readonly string[]): void {
  writeFileSync(path, readFileSync(path, 'utf8').split('\n').flatMap(change).join('\n'));
}

// The file stays; the list that programs read is made without it.
async function distrust(): Promise<void> {
  const folder = mkdtempSync('/usr/local/share/cairn-break-');
  const away = join(folder, 'cairn.crt');
  renameSync(authorityFile, away);
  try {
    demand(await run('update-ca-certificates', ['--fresh']));
  } finally {
    renameSync(away, authorityFile);
    rmSync(folder, { recursive: true });
  }
}
