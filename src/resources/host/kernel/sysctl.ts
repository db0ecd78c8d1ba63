import { CairnError, problem } from '../../../model/diagnostic.ts';
import type { HostReader, Operation } from '../../../model/host.ts';
import { guardsFor, lookAt, type PathImage } from '../path-image.ts';
import { type Absent, stateType } from '../state.ts';

export interface SysctlId {
  /** `net.ipv4.ip_forward` */
  readonly key: string;
}

export interface SysctlWant extends Absent {
  /** Required unless `absent`. */
  readonly value?: string | number;
}

export interface SysctlState {
  /** What the kernel has now. */
  readonly value: string;
  /** What the kernel gets when it starts. */
  readonly boot: string;
  /** What it had before ours; kept in the file. */
  readonly before: string;
  /** The file, verbatim. */
  readonly text: string;
}

const own = { mode: '0644', owner: 'root', group: 'root' } as const;

/** A parameter of the kernel: now, and in a file of its own under /etc/sysctl.d for the next start. */
export const sysctl = stateType<SysctlId, SysctlWant, SysctlState>({
  name: 'sysctl',
  identity: ['key'],
  address: ({ key }) => `sysctl/${plainKey(key)}`,
  title: ({ key }) => `kernel parameter ${key}`,
  place: ({ key }) => savedAt(key),
  fields: ['value', 'boot'],
  look: async ({ key }, from) => {
    const [value, file] = await Promise.all([readValue(key, from), lookAt(savedAt(key), from)]);
    const text = Buffer.from(file?.content ?? []).toString('utf8');
    const boot = /^[^#;=]*=[ \t]*(.*)$/m.exec(text)?.[1];
    return boot === undefined ? null : { value, boot, before: /^# before: (.*)$/m.exec(text)?.[1] ?? value, text };
  },
  wish: ({ value }) => (value === undefined ? {} : { value: plain(String(value)), boot: plain(String(value)) }),
  steps: async ({ id: { key }, from, to }, host) => {
    const [value, file] = await Promise.all([readValue(key, host), lookAt(savedAt(key), host)]);
    const wanted = to ? (to.value ?? value) : (from?.before ?? value);
    const before = to?.before ?? from?.before ?? value;
    const now = live(key, value, wanted);
    const next = saved(key, file, to && (to.text ?? `# before: ${before}\n${key} = ${to.boot ?? wanted}\n`));
    // The value from before stands in the file for as long as the kernel has another: a write may be cut short between the two.
    return { guards: guardsFor(savedAt(key), file), operations: to ? [...next, ...now] : [...now, ...next] };
  },
});

function plainKey(key: string): string {
  if (/^[a-z0-9_-]+([./][A-Za-z0-9_:-]+)+$/.test(key)) return key;
  throw new CairnError(
    problem('bad-sysctl', `${JSON.stringify(key)} is no kernel parameter`, {
      help: 'as sysctl -a prints it: vm.swappiness',
    }),
  );
}

function savedAt(key: string): string {
  return `/etc/sysctl.d/90-${key.replaceAll('/', '-')}.conf`;
}

// Values of several numbers are parted by tabs in the kernel.
function plain(value: string): string {
  return value.trim().replace(/\s+/g, ' ');
}

function pathOf(key: string): string {
  const separated = key.includes('/') ? key : key.replaceAll('.', '/');
  return `/proc/sys/${separated}`;
}

async function readValue(key: string, from: HostReader): Promise<string> {
  const content = await from.ask({ ask: 'content', path: pathOf(key) });
  if (content) return plain(Buffer.from(content).toString('utf8'));
  throw new CairnError(
    problem('no-such-sysctl', `the kernel has no parameter ${key}`, {
      help: 'a module may be missing: host.kernelModule',
    }),
  );
}

function live(key: string, now: string, wanted: string): readonly Operation[] {
  if (now === wanted) return [];
  return [{ do: 'run', argv: ['tee', pathOf(key)], stdin: `${wanted}\n` }];
}

function saved(key: string, file: PathImage | null, content: string | null): readonly Operation[] {
  const path = savedAt(key);
  if (content === null) return file ? [{ do: 'remove', path }] : [];
  const { mode, owner, group } = file ?? own;
  return [{ do: 'put-file', path, content, mode, owner, group }];
}
