import { knownSecrets } from '../model/secret.ts';

/** An environment for programs that this process starts: secrets that came by a variable stay here. */
export function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const secrets = knownSecrets();
  return Object.fromEntries(Object.entries(env).filter(([, value]) => !secrets.has(value ?? '')));
}
