import { role, T } from '@cairnhq/cairn';

/** A small static site, and the program that serves it: `greeter`, of the fleet's own packages. */
export const site = role(import.meta, {
  /** Absolute. */
  folder: T.String({ pattern: '^/' }),
  port: T.Integer(),
  title: T.String(),
});
