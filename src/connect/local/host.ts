import { CairnError, problem } from '../../model/diagnostic.ts';
import type { HostWriter } from '../../model/host.ts';
import { ShellWriter } from '../shell/host.ts';
import { LocalTransport } from './transport.ts';

/** This machine. Throws `local-needs-root` for anybody but root. */
export function openLocalHost(): HostWriter {
  if (process.getuid?.() === 0) return new ShellWriter(new LocalTransport());
  throw new CairnError(
    problem('local-needs-root', 'changing this machine needs root, and this process is not root', {
      help: 'run the same command as root, for example with sudo',
    }),
  );
}
