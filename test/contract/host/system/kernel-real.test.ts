import { describe, expect, it } from 'vitest';
import type { HostWriter } from '../../../../src/model/host.ts';
import { kernelModule } from '../../../../src/resources/host/kernel/module.ts';
import { sysctl } from '../../../../src/resources/host/kernel/sysctl.ts';
import { contractSuite, type TestWorld } from '../../suite.ts';
import { typeOf } from '../types.ts';
import { machineShells, testMachine } from './machine.ts';

interface MachineWorld extends TestWorld<'host'> {
  sh(script: string): Promise<string>;
}

const parameter = '/proc/sys/net/ipv4/ip_default_ttl';
const saved = '/etc/sysctl.d/90-net.ipv4.ip_default_ttl.conf';

// The network's parameters are the machine's own, others are shared with whoever runs the tests.
async function open(shell: string): Promise<MachineWorld> {
  const { machine, open } = await testMachine();
  const host = await open(shell);
  await machine.sh(`echo 64 >${parameter}; rm -f ${saved}`);
  return { reader: host, writer: host, sh: (script) => machine.sh(script), close: async () => undefined };
}

for (const shell of machineShells) {
  contractSuite({
    name: `kernel parameter on a machine by SSH with ${shell}`,
    type: typeOf(sysctl),
    open: () => open(shell),
    id: () => ({ key: 'net.ipv4.ip_default_ttl' }),
    want: { value: 65 },
    drifts: {
      value: async ({ sh }) => void (await sh(`echo 66 >${parameter}`)),
      boot: async ({ sh }) => void (await sh(`sed -i 's/= 65/= 66/' ${saved}`)),
    },
    older: async ({ sh }) =>
      void (await sh(`printf '# before: 64\\nnet.ipv4.ip_default_ttl = 63\\n' >${saved}; echo 63 >${parameter}`)),
    snapshot: ({ sh }) => sh(`cat ${parameter}; cat ${saved} || true`),
  });
}

describe.each(machineShells)('a kernel module on a machine by SSH with %s', (shell) => {
  const type = typeOf(kernelModule);
  const state = async (host: HostWriter, name: string): Promise<unknown> => {
    const found = await type.read({ name }, host);
    return found.is === 'present' ? found.live : found.is;
  };

  it('that is loaded already is loaded again after a restart, and undo leaves it loaded', async () => {
    const { writer, sh } = await open(shell);
    const name = (await sh('ls /sys/module | head -n 1')).trim();
    const id = { name };
    const before = { loaded: true, boot: false };
    expect(await state(writer, name)).toEqual(before);
    const made = await type.write({ id, want: {}, live: before, options: {} }, writer);
    expect(made).toEqual({ is: 'written', live: { loaded: true, boot: true } });
    expect(await sh(`cat /etc/modules-load.d/${name}.conf`)).toBe(`${name}\n`);
    await type.restore({ id, before, live: { loaded: true, boot: true } }, writer);
    expect(await state(writer, name)).toEqual(before);
    expect(await sh('ls /etc/modules-load.d')).not.toContain(name);
  });

  it('that the kernel lacks fails with what modprobe said, and leaves no file behind', async () => {
    const { writer, sh } = await open(shell);
    const id = { name: 'no_such_module' };
    const write = type.write({ id, want: {}, live: null, options: {} }, writer);
    await expect(write).rejects.toMatchObject({ code: 'operation-failed' });
    expect(await state(writer, 'no_such_module')).toBe('absent');
    expect(await sh('ls /etc/modules-load.d')).not.toContain('no_such_module');
  });
});
