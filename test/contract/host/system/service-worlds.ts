import type { TestWorld } from '../../suite.ts';
import { machineShells, testMachine } from './machine.ts';
import { type SystemWorld, systems } from './worlds.ts';

/** A host with a service `hello`, stopped and disabled, and hands that turn it. */
export interface ServiceWorld extends TestWorld<'host'> {
  turn(how: 'start' | 'stop' | 'enable' | 'disable'): Promise<void>;
  put(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
  snapshot(): unknown;
  readonly fake?: SystemWorld['fake'];
}

/** systemd in memory. */
export async function openFakeSystemd(): Promise<ServiceWorld> {
  const world = await systems['a fake host']?.();
  const fake = world?.fake;
  if (!world || !fake) throw new Error('no fake host');
  const { services } = fake;
  services.set('hello', { isActive: false, file: 'disabled' });
  const turns = {
    start: { isActive: true },
    stop: { isActive: false },
    enable: { file: 'enabled' },
    disable: { file: 'disabled' },
  } as const;
  return {
    ...world,
    fake,
    turn: async (how) => {
      const unit = services.get('hello');
      if (unit) services.set('hello', { ...unit, ...turns[how] });
    },
    put: async (path, text) => world.put(path, text),
    remove: async (path) => fake.files.remove(path),
    snapshot: () => fake.snapshot(),
  };
}

const unit = `[Service]
ExecStart=/bin/sleep 1000
ExecReload=/bin/true
[Install]
WantedBy=multi-user.target
`;

/** systemd as the first process of a machine, by SSH; one machine for all tests of a file. */
async function openSystemd(shell: string): Promise<ServiceWorld> {
  const { machine, open } = await testMachine();
  const host = await open(shell);
  const sh = async (script: string): Promise<void> => void (await machine.sh(script));
  await sh(`cat >/lib/systemd/system/hello.service <<'EOF'\n${unit}EOF\nsystemctl daemon-reload`);
  return {
    reader: host,
    writer: host,
    turn: (how) => sh(`systemctl -q ${how} hello`),
    put: (path, text) => sh(`printf %s '${text}' >${path}`),
    remove: (path) => sh(`rm ${path}`),
    snapshot: () => undefined,
    close: () => sh('systemctl -q unmask hello; systemctl -q disable --now hello; systemctl reset-failed'),
  };
}

const script = `#!/sbin/openrc-run
extra_started_commands=reload
reload() { :; }
command=/bin/sleep
command_args=1000
command_background=true
pidfile=/run/hello.pid
`;
const folders = 'daemons exclusive failed hotplugged inactive options scheduled started starting stopping wasinactive';
const commands = {
  start: 'rc-service -q hello start',
  stop: 'rc-service -q hello stop',
  enable: 'rc-update -q add hello default',
  disable: 'rc-update -q del hello default',
} as const;

// OpenRC as it stands once a system is up; its dependencies are of no matter here.
async function openOpenrc(open: () => Promise<SystemWorld>): Promise<ServiceWorld> {
  const world = await open();
  world.sh(`mkdir -p /run/openrc; cd /run/openrc; mkdir -p ${folders}; echo default >softlevel`);
  world.put('/etc/init.d/hello', script);
  world.sh('chmod 755 /etc/init.d/hello; rc-update -q -u 2>/dev/null || true');
  return {
    reader: world.reader,
    writer: world.writer,
    turn: async (how) => world.sh(commands[how]),
    put: async (path, text) => world.put(path, text),
    remove: async (path) => world.sh(`rm ${path}`),
    snapshot: () => undefined,
    close: async () => {
      world.sh('rc-service -q hello stop || true');
      await world.close();
    },
  };
}

const { 'a fake host': _, ...debians } = systems;

/** Everything that manages services. */
export const serviceWorlds: Readonly<Record<string, () => Promise<ServiceWorld>>> = {
  'systemd of a fake host': openFakeSystemd,
  ...Object.fromEntries(machineShells.map((sh) => [`systemd of a machine by SSH with ${sh}`, () => openSystemd(sh)])),
  ...Object.fromEntries(Object.entries(debians).map(([where, open]) => [`OpenRC of ${where}`, () => openOpenrc(open)])),
};
