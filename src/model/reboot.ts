/** Where a host is told that it restarts: it holds the id of the boot that ends, and goes with it. */
export const rebootSign = '/run/cairn-reboot';

/** Where Linux says which boot this is: a UUID and a line feed. */
export const bootIdPath = '/proc/sys/kernel/random/boot_id';
