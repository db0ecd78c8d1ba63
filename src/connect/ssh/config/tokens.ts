import { createHash } from 'node:crypto';
import { hostname, userInfo } from 'node:os';

/** What stands for the percent signs in a setting. */
export interface TokenSource {
  readonly home: string;
  /** Where the connection leads. */
  readonly host: string;
  /** What was asked for. */
  readonly alias: string;
  readonly port: number;
  readonly user: string;
  readonly hostKeyAlias?: string | undefined;
  /** The hops, as ProxyJump names them. */
  readonly jump: string;
}

/** Tokens of settings, by letter: https://man.openbsd.org/ssh_config#TOKENS */
export type Tokens = Readonly<Record<string, string>>;

/** All tokens that OpenSSH knows, but for those of its control sockets and tunnels. */
export function tokensOf({ home, host, alias, port, user, hostKeyAlias, jump }: TokenSource): Tokens {
  const [own, { username, uid }] = [hostname(), userInfo()];
  return {
    '%': '%',
    C: createHash('sha1').update(`${own}${host}${port}${user}${jump}`).digest('hex'),
    d: home,
    h: host,
    i: String(uid),
    j: jump,
    k: hostKeyAlias ?? alias,
    L: own.split('.')[0] ?? own,
    l: own,
    n: alias,
    p: String(port),
    r: user,
    u: username,
  };
}

/**
 * Puts values in the place of tokens.
 * @throws Error that names a token that isn't among them
 */
export function expandTokens(text: string, tokens: Tokens): string {
  return text.replace(/%(.?)/g, (token, letter: string) => {
    const value = tokens[letter];
    if (value === undefined) throw new Error(`${token} is not understood`);
    return value;
  });
}

/**
 * Puts values in the place of ${VARIABLES}, as OpenSSH does in names of files.
 * @throws Error that names a variable that isn't set
 */
export function expandVariables(text: string, env: NodeJS.ProcessEnv): string {
  return text.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    const value = env[name];
    if (value === undefined) throw new Error(`the variable ${name} is not set`);
    return value;
  });
}
