import { knownSecrets } from './secret.ts';

const shortest = 8;

let compiled: { size: number; pattern: RegExp | null } = { size: -1, pattern: null };

/**
 * Takes every known secret of at least 8 characters out of a text: plain, base64, URL-, JSON- and shell-quoted.
 * Shorter ones would tear words apart and are kept out by taint alone.
 */
export function redact(text: string): string {
  const secrets = knownSecrets();
  if (compiled.size !== secrets.size) compiled = { size: secrets.size, pattern: compile(secrets) };
  return compiled.pattern ? text.replace(compiled.pattern, '[secret]') : text;
}

function compile(secrets: ReadonlySet<string>): RegExp | null {
  const forms = new Set<string>();
  for (const secret of secrets) if (secret.length >= shortest) for (const form of formsOf(secret)) forms.add(form);
  if (forms.size === 0) return null;
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map((form) => quotePattern(form)).join('|'), 'g');
}

function formsOf(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const lines = secret.split('\n').filter((line) => line.length >= 2 * shortest);
  return [
    secret,
    json,
    encodeURIComponent(secret),
    secret.replaceAll("'", `'\\''`),
    ...lines,
    ...[0, 1, 2].map((shift) => base64Core(secret, shift)).filter((core) => core.length >= shortest),
  ];
}

function quotePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

// Base64 of a text inside a longer one depends on its offset modulo 3; the core is the part that doesn't depend on its neighbours.
function base64Core(secret: string, shift: number): string {
  const encoded = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)])
    .toString('base64')
    .replace(/=+$/, '');
  const from = shift === 0 ? 0 : shift + 1;
  const bits = (shift + Buffer.byteLength(secret)) % 3;
  return encoded.slice(from, bits === 0 ? undefined : -1);
}
