import { Turnstile } from '../../model/turnstile.ts';

/** A gate for each server: OpenSSH turns newcomers away by chance when ten of them haven't signed in yet. */
export function handshakeGates(): Turnstile {
  return new Turnstile(8);
}
