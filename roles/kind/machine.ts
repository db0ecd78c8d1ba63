import { requirement, type WorldReader } from '@cairnhq/cairn';

const gib = 1024 * 1024;

async function read({ host }: WorldReader, ...argv: [string, ...string[]]): Promise<string> {
  const { stdout } = await host.ask({ ask: 'run', argv });
  return stdout;
}

/** Room for the node image, the images in the node and what is built for them. */
export function freeDisk(folder: string, needed: number) {
  return requirement({
    id: `${needed} GiB of free disk`,
    async test(world) {
      const place = (
        await read(
          world,
          'sh',
          '-c',
          'f=$1; while [ ! -e "$f" ]; do f=$(dirname "$f"); done; df -Pk "$f" | tail -n 1',
          'df',
          folder,
        )
      ).split(/\s+/);
      const free = Number(place[3]) / gib;
      if (free >= needed) return true;
      return {
        summary: `${folder} has ${free.toFixed(1)} GiB of free disk, and the cluster with its images needs ${needed}`,
        help: 'make room there, or set kind.cache to a folder on another disk',
      };
    },
  });
}

export function memory(needed: number) {
  return requirement({
    id: `${needed} GiB of memory`,
    async test(world) {
      const total = Number(/MemTotal:\s+(\d+)/.exec(await read(world, 'cat', '/proc/meminfo'))?.[1]) / gib;
      if (total >= needed) return true;
      return {
        summary: `this machine has ${total.toFixed(1)} GiB of memory, and the cluster needs ${needed}`,
        help: 'use a larger machine',
      };
    },
  });
}

/** A port on loopback that nobody else listens on; our own cluster may. */
export function freePort(port: number, ours: string) {
  return requirement({
    id: `free port ${port}`,
    async test(world) {
      const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
      const sockets = (await read(world, 'cat', '/proc/net/tcp', '/proc/net/tcp6'))
        .split('\n')
        .map((line) => line.trim().split(/\s+/));
      const taken = sockets.some(([, local, , state]) => state === '0A' && local?.endsWith(hex));
      if (!taken || (await world.host.ask({ ask: 'stat', path: ours })) !== null) return true;
      return {
        summary: `port ${port} is taken`,
        help: `stop what listens there: ss -ltnp 'sport = :${port}' shows it`,
      };
    },
  });
}

/** A program that the recipe calls and doesn't install; Go is found where its archive goes, too, as the recipe does. */
export function program(name: string, help: string) {
  return requirement({
    id: `program ${name}`,
    async test({ host }) {
      const { status } = await host.ask({
        ask: 'run',
        argv: ['sh', '-c', 'PATH=$PATH:/usr/local/go/bin; command -v "$1"', 'sh', name],
      });
      return status === 0 ? true : { summary: `${name} is not installed`, help };
    },
  });
}
