/** A moment as people say it: `just now`, `4 min ago`, `3 h ago`; older than a day `2026-11-21 00:12` (UTC). */
export function moment(at: string, now: Date): string {
  const ms = now.getTime() - Date.parse(at);
  if (Number.isNaN(ms)) return at;
  if (ms >= 0 && ms < 60_000) return 'just now';
  if (ms >= 0 && ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ago`;
  if (ms >= 0 && ms < 86_400_000) return `${Math.floor(ms / 3_600_000)} h ago`;
  return stamp(at);
}

/** `2026-11-21 00:12`, UTC. */
export function stamp(at: string): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}
