import { createHash, createHmac } from 'node:crypto';

/** Whose request it is. */
export interface Keys {
  readonly user: string;
  readonly password: string;
}

export interface Unsigned {
  readonly method: string;
  readonly host: string;
  /** With its slash; nothing in it that a URL would have to escape. */
  readonly path: string;
  readonly body: string;
  readonly at: Date;
}

const region = 'us-east-1';
const signed = 'host;x-amz-content-sha256;x-amz-date';

/** The headers of a signed request, by AWS's Signature Version 4. */
export function signatureOf(keys: Keys, { method, host, path, body, at }: Unsigned): Readonly<Record<string, string>> {
  const time = at.toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const content = sha256(body);
  const scope = `${day}/${region}/s3/aws4_request`;
  const canonical = [
    method,
    path,
    '',
    `host:${host}`,
    `x-amz-content-sha256:${content}`,
    `x-amz-date:${time}`,
    '',
    signed,
    content,
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${keys.password}`);
  const signature = hmac(key, text).toString('hex');
  return {
    'x-amz-date': time,
    'x-amz-content-sha256': content,
    authorization: `AWS4-HMAC-SHA256 Credential=${keys.user}/${scope}, SignedHeaders=${signed}, Signature=${signature}`,
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
