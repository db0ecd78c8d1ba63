import { action, derive, k8s, type VarsOf } from '@cairnhq/cairn';
import { type gateway, names } from './index.ts';

interface Trust {
  /** PEM of the authority; empty: the machine's own list doesn't hold it. */
  readonly certificate: string;
  readonly isTrusted: boolean;
}

const file = '/usr/local/share/ca-certificates/cairn.crt';
const bundle = '/etc/ssl/certs/ca-certificates.crt';

/** The local authority in a machine's trust store, as Debian keeps it. */
export function trust({ namespace }: VarsOf<typeof gateway>) {
  const map = k8s.existing.object({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: names.authority });
  const certificate = derive([map.out.data], (data) => (data as Readonly<Record<string, string>>)['ca.crt'] ?? '');
  const trusted = action<Trust>({
    id: 'trust-in-cairn-authority',
    want: { certificate, isTrusted: true },
    async read({ host }) {
      const content = await host.ask({ ask: 'content', path: file });
      if (content === null) return null;
      const verify = { ask: 'run', argv: ['openssl', 'verify', '-no-CApath', '-CAfile', bundle, file] } as const;
      const { status } = await host.ask(verify);
      return { certificate: new TextDecoder().decode(content), isTrusted: status === 0 };
    },
    async run({ host }, { want }) {
      const put = { do: 'put-file', path: file, mode: '0644', owner: 'root', group: 'root' } as const;
      await host.change({
        guards: [],
        operations: [
          { ...put, content: want.certificate ?? '' },
          { do: 'run', argv: ['update-ca-certificates'] },
        ],
        readBack: [],
      });
    },
    async undo({ host }, before) {
      const put = { do: 'put-file', path: file, mode: '0644', owner: 'root', group: 'root' } as const;
      await host.change({
        guards: [],
        operations: [
          before === null ? { do: 'remove', path: file } : { ...put, content: before.certificate },
          // without --fresh the links of what was removed stay
          { do: 'run', argv: ['update-ca-certificates', '--fresh'] },
        ],
        readBack: [],
      });
    },
    usually: '2 s',
  });
  return { authority: map, trusted };
}
