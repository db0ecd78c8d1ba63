import { describe, expect, it } from 'vitest';
import { parsePackagePlan } from '../../../src/connect/shell/packages/parse.ts';
import { hasDebianRoots, openDebianRoot } from '../../rig/debian-root.ts';

// As dnf 4.14 prints it.
const dnfRemoval = `Dependencies resolved.
================================================================================
 Package            Architecture     Version           Repository          Size
================================================================================
Removing:
 hello              noarch           2.10-1            @local             0
Removing dependent packages:
 hello-tools        noarch           1.0-1             @local             0
Removing unused dependencies:
 a-library-with-a-name-that-fills-a-whole-line
                    noarch           1.0-1             @local             0

Transaction Summary
================================================================================
Remove  3 Packages

Operation aborted.
`;

// As apk-tools 2.14 prints it.
const apkAdding = `(1/2) Installing libhello (1.0-r0)
(2/2) Installing hello (2.10-r1)
OK: 8 MiB in 16 packages
`;

describe('a simulation', () => {
  it('of dnf names what goes, also where a name takes a line of its own', () => {
    const removes = ['hello', 'hello-tools', 'a-library-with-a-name-that-fills-a-whole-line'];
    expect(parsePackagePlan(dnfRemoval)).toEqual({ installs: [], removes });
  });

  it('of apk names what comes', () => {
    expect(parsePackagePlan(apkAdding)).toEqual({ installs: ['libhello', 'hello'], removes: [] });
  });

  it('of apt names what comes and goes', () => {
    const said = 'Inst hello (2.10 Debian:12)\nRemv other [1]\nPurg third [1]\n';
    expect(parsePackagePlan(said)).toEqual({ installs: ['hello'], removes: ['other', 'third'] });
  });
});

// The database of apk-tools 2.14, and what its commands print.
const database = `C:Q1abc=
P:hello
V:2.10-r1
A:x86_64
D:so:libhello.so

C:Q1def=
P:libhello
V:1.0-r0
A:x86_64
`;
const program = `#!/bin/sh
case $* in
  --print-arch) echo x86_64;;
  'info -q -r -- libhello') echo hello-2.10-r1;;
  'info -q -r -- hello') ;;
  '-s del -- hello') echo '(1/2) Purging hello (2.10-r1)'; echo '(2/2) Purging libhello (1.0-r0)';;
  *) exit 9;;
esac
`;

it.skipIf(!hasDebianRoots)('packages of apk are read from its database', async () => {
  const root = openDebianRoot();
  try {
    root.sh(`mkdir -p /lib/apk/db /etc/apk; mv /usr/bin/apt-get /usr/bin/not-apt-get
      cat >/lib/apk/db/installed <<'EOF'\n${database}EOF
      echo 'hello=2.10-r1' >/etc/apk/world
      cat >/usr/bin/apk <<'EOF'\n${program}EOF
      chmod 755 /usr/bin/apk`);
    const { host } = root;
    const hello = { version: '2.10-r1', auto: false };
    expect(await host.ask({ ask: 'packages' })).toEqual({ hello, libhello: { version: '1.0-r0', auto: true } });
    expect(await host.ask({ ask: 'package', name: 'hello' })).toEqual(hello);
    expect(await host.ask({ ask: 'package', name: 'libhello' })).toEqual({ version: '1.0-r0', auto: true });
    expect(await host.ask({ ask: 'package', name: 'other' })).toBeNull();
    const plan = async (name: string, autoremove: boolean): Promise<readonly string[]> =>
      (await host.ask({ ask: 'package-plan', install: [], remove: [name], autoremove })).removes;
    expect(await plan('hello', false)).toEqual(['hello']);
    expect(await plan('hello', true)).toEqual(['hello', 'libhello']);
    expect(await plan('libhello', false)).toEqual(['libhello', 'hello']);
    const question = { ask: 'package', name: 'hello' } as const;
    expect(await host.change({ guards: [{ question, expected: null }], operations: [], readBack: [] })).toEqual({
      is: 'moved',
    });
  } finally {
    root.close();
  }
});

it.skipIf(!hasDebianRoots)('a host without a known package manager says so', async () => {
  const root = openDebianRoot();
  try {
    root.sh('mv /usr/bin/apt-get /usr/bin/not-apt-get');
    await expect(root.host.ask({ ask: 'packages' })).rejects.toThrow('apt, dnf or apk');
  } finally {
    root.close();
  }
});
