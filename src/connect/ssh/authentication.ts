import { readFile } from 'node:fs/promises';
import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, BaseAgent, ParsedKey } from 'ssh2';
import { revealText, type Secret } from '../../model/secret.ts';
import { keysHeld, type OfferedKey, plainKeys, publicKeyOf, SomeKeys } from './agent.ts';
import { certificateIn } from './certificate.ts';
import { certificatesOf, heldWith, keyWith, noteOf } from './certificates.ts';
import type { SshSettings } from './settings.ts';
import { ssh2 } from './ssh2.ts';

/** What the inventory gives to sign in with. */
export interface Credentials {
  readonly password?: Secret;
  /** Of encrypted key files. */
  readonly passphrase?: Secret;
}

/** Ways to sign in, tried in this order, and what was found wrong with a key file on the way. */
export interface Authentication {
  readonly methods: readonly AnyAuthMethod[];
  readonly notes: readonly string[];
}

/**
 * Only what is configured is offered: a server counts each try, and each costs a round trip. Certificates come first, as
 * who has one means it.
 */
export async function authenticationOf(settings: SshSettings, credentials: Credentials): Promise<Authentication> {
  const { user: username, ways } = settings;
  const { keys, notes } = await keysOf(settings.identityFiles, credentials.passphrase);
  const held = await keysHeld(settings.agent);
  const meant = await meantOf(settings);
  const certificates = await certificatesOf(settings, held.blobs.filter(meant));
  const byFile = certificates.found.map((one) => keyWith(one, keys));
  const byAgent = certificates.found.map((one, at) => (byFile[at] ? undefined : heldWith(one, held.blobs)));
  const methods: readonly AnyAuthMethod[] = [
    ...byFile.flatMap((key): AnyAuthMethod[] => (key ? [{ type: 'publickey', username, key }] : [])),
    ...fromAgent(username, held.agent, [
      ...byAgent.filter((key) => key !== undefined),
      ...plainKeys(held).filter(({ signer }) => meant(signer)),
    ]),
    ...keys.map((key): AnyAuthMethod => ({ type: 'publickey', username, key })),
    ...byPassword(username, credentials.password),
  ];
  const allowed = ways.flatMap((way) => methods.filter((method) => kindOf(method) === way));
  const said = certificates.found.map((one, at) => noteOf(one, username, Boolean(byFile[at] ?? byAgent[at])));
  return { methods: allowed, notes: [...notes, ...held.notes, ...certificates.notes, ...said] };
}

function fromAgent(username: string, agent: BaseAgent | undefined, keys: readonly OfferedKey[]): AnyAuthMethod[] {
  return agent && keys.length > 0 ? [{ type: 'agent', username, agent: new SomeKeys(agent, keys) }] : [];
}

/** Whether something that an agent holds may be offered. */
async function meantOf({ identitiesOnly, identityFiles }: SshSettings): Promise<(blob: Buffer) => boolean> {
  if (!identitiesOnly) return () => true;
  const keys = (await Promise.all(identityFiles.map(publicKeyOf))).filter((key) => key !== undefined);
  return (blob) => keys.some((key) => key.equals(certificateIn(blob)?.key ?? blob));
}

function kindOf({ type }: AnyAuthMethod): Exclude<AuthenticationType, 'agent'> {
  return type === 'agent' ? 'publickey' : type;
}

function byPassword(username: string, secret: Secret | undefined): readonly AnyAuthMethod[] {
  if (!secret) return [];
  const password = revealText(secret);
  let hasAnswered = false;
  return [
    { type: 'password', username, password },
    {
      type: 'keyboard-interactive',
      username,
      // Asked a second time it was wrong: an empty answer ends that, and no account is locked.
      prompt: (_name, _instructions, _lang, prompts, finish) => {
        finish(prompts.map(() => (hasAnswered ? '' : password)));
        hasAnswered ||= prompts.length > 0;
      },
    },
  ];
}

async function keysOf(
  files: readonly string[],
  passphrase: Secret | undefined,
): Promise<{ keys: readonly ParsedKey[]; notes: readonly string[] }> {
  const keys: ParsedKey[] = [];
  const notes: string[] = [];
  for (const file of files) {
    const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') notes.push(`${file} can't be read: ${error.message}`);
      return undefined;
    });
    if (!bytes) continue;
    const plain = ssh2.utils.parseKey(bytes);
    const parsed = plain instanceof Error && passphrase ? ssh2.utils.parseKey(bytes, revealText(passphrase)) : plain;
    // Several keys stand in a file of PuTTY's alone.
    const key = Array.isArray(parsed) ? (parsed[0] as ParsedKey | undefined) : parsed;
    if (key instanceof Error) notes.push(`${file}: ${encryptedOr(key.message, passphrase)}`);
    else if (key) keys.push(key);
  }
  return { keys, notes };
}

function encryptedOr(message: string, passphrase: Secret | undefined): string {
  if (!/encrypted|passphrase|bad decrypt|integrity/i.test(message)) return message;
  return passphrase
    ? 'its passphrase is wrong'
    : 'it is encrypted: set ansible_ssh_private_key_passphrase to a !secret';
}

/**
 * Hands the ways to sign in to ssh2, one after the other, as long as the server takes their kind. A password that was taken
 * and found wrong isn't given again as the answer to a question: accounts lock.
 */
export function inTurn(methods: readonly AnyAuthMethod[]): AuthHandlerMiddleware {
  const left = [...methods];
  let last: AnyAuthMethod | undefined;
  return (accepted, partial, next) => {
    const isWrong = last?.type === 'password' && partial !== true && accepted?.includes('password');
    for (;;) {
      const method = left.shift();
      last = method;
      // The type leaves out `false`: no more ways.
      if (!method) return next(false as never);
      if (isWrong && method.type === 'keyboard-interactive') continue;
      if (accepted === null || accepted.includes(kindOf(method))) return next(method);
    }
  };
}
