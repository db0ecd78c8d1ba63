import { quote, type ShellText } from './quote.ts';

/** Prints when what is at a path or beneath it last changed; of nothing, when its folder did. */
export function changedBody(path: string): ShellText {
  const above = path.slice(0, path.lastIndexOf('/')) || '/';
  return `( export TZ=UTC0 LC_ALL=C
  line=$(state ${quote(path)}) || exit 1
  if [ "$line" != absent ]; then found=$(find ${quote(path)} -exec stat -c %z -- {} +) || exit 1
  elif [ -d ${quote(above)} ]; then found=$(stat -c %z -- ${quote(above)}) || exit 1
  else found=absent; fi
  printf '%s\\n' "$found" | sort | tail -n 1 )`;
}

/** Reads what that prints, as microseconds since 1970; null where there is no such time. */
export function parseMoment(text: string): number | null {
  const found = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))? \+0000$/.exec(text);
  if (!found) return null;
  const [, day, time, fraction = ''] = found;
  return Date.parse(`${day}T${time}Z`) * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}
