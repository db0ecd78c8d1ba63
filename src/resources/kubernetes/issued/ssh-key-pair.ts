import type { AnyType, More, Resource } from '../../../model/resource.ts';
import { reveal, Secret } from '../../../model/secret.ts';
import type { SecretOut } from '../out.ts';
import { type IssuedId, issued, issuedType } from './issued.ts';
import { isSshKeyPair, makeSshKeyPair } from './open-ssh.ts';

type SshKey = 'ssh-privatekey' | 'ssh-publickey';

interface Want {
  /** Stands behind the public key, for people. */
  readonly comment: string;
}

/** An Ed25519 key pair, made once and kept: Secret of type `kubernetes.io/ssh-auth`, with the public key beside the private one. */
export const sshKeyPairType = issuedType<Want>({
  name: 'ssh/key-pair',
  secretType: 'kubernetes.io/ssh-auth',
  refuse({ 'ssh-privatekey': privateKey, 'ssh-publickey': publicKey }) {
    if (privateKey === undefined || publicKey === undefined) return 'it holds no key pair';
    if (isSshKeyPair({ privateKey: reveal(privateKey), publicKey: reveal(publicKey) })) return null;
    return 'its keys are no pair';
  },
  issue({ comment }) {
    const { privateKey, publicKey } = makeSshKeyPair(comment);
    return Promise.resolve({ 'ssh-privatekey': new Secret(privateKey), 'ssh-publickey': publicKey });
  },
}) as unknown as AnyType;

/** Declares an SSH key pair: `ssh.keyPair({ namespace, name, comment })`. */
export function sshKeyPair(spec: IssuedId & Want, more?: More): Resource<SecretOut<SshKey>> {
  const { comment, ...id } = spec;
  return issued<SecretOut<SshKey>>(sshKeyPairType, id, { comment }, more);
}
