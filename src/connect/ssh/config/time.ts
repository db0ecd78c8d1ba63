const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds in a time as OpenSSH writes it: `90`, `1m30s`; NaN where it is none. */
export function secondsIn(text: string): number {
  if (!/^(\d+[smhdw]?)+$/i.test(text)) return Number.NaN;
  const parts = text.toLowerCase().match(/\d+[smhdw]?/g) ?? [];
  return parts.reduce((sum, part) => sum + Number.parseInt(part, 10) * (units[part.at(-1) ?? ''] ?? 1), 0);
}
