import { role, secret, T } from '@cairnhq/cairn';

/** Where the site keeps what must last. */
export const store = role(import.meta, {
  /** Absolute. */
  folder: T.String({ pattern: '^/' }),
  password: secret(),
});
