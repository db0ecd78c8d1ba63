import { createPrivateKey, X509Certificate } from 'node:crypto';
import { type Inputs, Later, type Planned } from '../../../model/deferred.ts';
import type { AnyType, More, Resource } from '../../../model/resource.ts';
import { reveal, Secret } from '../../../model/secret.ts';
import type { SecretOut } from '../out.ts';
import { type IssuedId, issued, issuedType } from './issued.ts';

const day = 86_400_000;
const yearDays = 365;
const authorityDays = 10 * yearDays;

type TlsKey = 'tls.crt' | 'tls.key';

/** Certificate and key of an authority, PEM: the `out.data` of `tls.authority`. */
export interface Signer {
  readonly 'tls.crt': string | Secret;
  readonly 'tls.key': string | Secret;
}

interface AuthorityWant {
  readonly commonName: string;
}

interface CertificateWant {
  /** DNS names; the first is the common name, `*.` stands for one label. */
  readonly hosts: readonly string[];
  readonly authority: Signer;
  /** Default 365. */
  readonly days?: number;
  /** Made anew when fewer days are left; default 30, or a third of `days` where that is less. */
  readonly renewDays?: number;
}

/** A local certificate authority, in a TLS Secret. */
export const authorityType = issuedType<AuthorityWant>({
  name: 'tls/authority',
  secretType: 'kubernetes.io/tls',
  refuse(data) {
    const certificate = parse(data['tls.crt']);
    if (certificate === null) return 'it holds no certificate';
    if (!certificate.ca) return 'its certificate is no authority';
    return withoutKey(certificate, data['tls.key']) ?? ends(certificate, yearDays);
  },
  async issue({ commonName }) {
    const { issueAuthority } = await import('./x509.ts');
    return issueAuthority(commonName, authorityDays);
  },
}) as unknown as AnyType;

/** A certificate signed by a local authority, in a TLS Secret; renewed in time, and when its names or its authority change. */
export const certificateType = issuedType<CertificateWant>({
  name: 'tls/certificate',
  secretType: 'kubernetes.io/tls',
  refuse(data, want) {
    const certificate = parse(data['tls.crt']);
    if (certificate === null) return 'it holds no certificate';
    const { hosts, authority, days = yearDays, ...more } = want as Planned<CertificateWant> & CertificateWant;
    const { renewDays = Math.min(30, days / 3) } = more;
    return (
      wrongNames(certificate, hosts) ??
      withoutKey(certificate, data['tls.key']) ??
      tooEarly(certificate) ??
      ends(certificate, renewDays) ??
      signedBy(certificate, authority)
    );
  },
  async issue({ hosts, authority, days = yearDays }) {
    const { issueCertificate } = await import('./x509.ts');
    return issueCertificate({
      hosts,
      days,
      authority: { certificate: plain(authority['tls.crt']), key: plain(authority['tls.key']) },
    });
  },
}) as unknown as AnyType;

function parse(pem: Secret | undefined): X509Certificate | null {
  try {
    return pem === undefined ? null : new X509Certificate(reveal(pem));
  } catch {
    return null;
  }
}

function wrongNames({ subjectAltName }: X509Certificate, hosts: readonly string[]): string | null {
  const names = new Set(subjectAltName?.split(', ').map((name) => name.replace(/^DNS:/, '')));
  const wished = new Set(hosts);
  const [missing, more] = [[...wished.difference(names)], [...names.difference(wished)]];
  if (missing.length > 0) return `it is not valid for ${missing.join(', ')}`;
  return more.length > 0 ? `it is valid for ${more.join(', ')}, too` : null;
}

function withoutKey(certificate: X509Certificate, key: Secret | undefined): string | null {
  try {
    if (key !== undefined && certificate.checkPrivateKey(createPrivateKey(reveal(key)))) return null;
  } catch {
    // what can't be read is no key of it
  }
  return 'its key is not the one beside it';
}

// One that was made by a machine whose clock is ahead. Authorities are left: all who trust them would have to be told.
function tooEarly({ validFrom }: X509Certificate): string | null {
  return Date.parse(validFrom) > Date.now() ? `it is valid only from ${validFrom}` : null;
}

function ends(certificate: X509Certificate, renewDays: number): string | null {
  const left = Math.floor((Date.parse(certificate.validTo) - Date.now()) / day);
  if (left >= renewDays) return null;
  return left < 0 ? `it expired ${-left} days ago` : `it expires in ${left} days`;
}

function signedBy(certificate: X509Certificate, authority: Signer | Later): string | null {
  if (authority instanceof Later) return 'its authority is made anew';
  const signer = parse(new Secret(plain(authority['tls.crt'])));
  return signer && certificate.checkIssued(signer) && certificate.verify(signer.publicKey)
    ? null
    : 'another authority signed it';
}

function plain(value: string | Secret): string {
  return value instanceof Secret ? reveal(value) : value;
}

/** Declares a local certificate authority. */
export function authority(spec: IssuedId & AuthorityWant, more?: More): Resource<SecretOut<TlsKey>> {
  const { commonName, ...id } = spec;
  return issued<SecretOut<TlsKey>>(authorityType, id, { commonName }, more);
}

/** Declares a certificate of a local authority: `tls.certificate({ namespace, name, hosts, authority: ca.out.data })`. */
export function certificate(spec: IssuedId & Inputs<CertificateWant>, more?: More): Resource<SecretOut<TlsKey>> {
  const { namespace, name, ...want } = spec as IssuedId & CertificateWant;
  return issued<SecretOut<TlsKey>>(certificateType, { namespace, name }, want, more);
}
