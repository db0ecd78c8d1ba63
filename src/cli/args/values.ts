import { InvalidArgumentError } from 'commander';

/** `a,b` and repeated options as one list. */
export function list(value: string, before: readonly string[] = []): readonly string[] {
  const parts = value.split(',').map((part) => part.trim());
  if (parts.some((part) => part === '')) throw new InvalidArgumentError('It holds an empty name.');
  return [...before, ...parts];
}

export function repeated(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** `devpi.image.tag=6.14.0`: a key, `=`, and a value in YAML. */
export function assignment(value: string, before: readonly string[] = []): readonly string[] {
  if (!/^[A-Za-z_][\w.-]*=/.test(value)) throw new InvalidArgumentError('Write it as KEY=VALUE.');
  return [...before, value];
}

export function positive(value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError('It must be a whole number above 0.');
  return Number(value);
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/** `90`, `90s`, `10m`, `2h` in milliseconds; a bare number is seconds. */
export function time(value: string): number {
  const [, amount, unit = 's'] = /^([1-9]\d*)(s|m|min|h)?$/.exec(value) ?? [];
  if (amount === undefined) throw new InvalidArgumentError('Write it as 90s, 10m or 2h.');
  return Number(amount) * (units[unit] ?? 0);
}
