/** A line of /etc/hosts that names a host, verbatim, with its place (from 0). */
export interface HostsLine {
  readonly index: number;
  readonly text: string;
}

/** The lines that hold a name. */
export function linesNaming(name: string, content: string): readonly HostsLine[] {
  return split(content).flatMap((text, index) => (namesOf(text).includes(name) ? [{ index, text }] : []));
}

/** The addresses that the lines give the name, in order. */
export function addressesIn(lines: readonly HostsLine[]): readonly string[] {
  return lines.map(({ text }) => words(text)[0] ?? '');
}

/** The content in which the name has just this address: other names and all other lines stay as they are. */
export function withAddress(content: string, name: string, address: string): string {
  const lines = split(content);
  const alone = lines.findIndex((text) => namesOf(text).includes(name) && namesOf(text).length === 1);
  const left = lines.flatMap((text, index) => {
    if (!namesOf(text).includes(name)) return [text];
    return index === alone ? [text.replace(words(text)[0] ?? '', address)] : without(text, name);
  });
  return join(alone >= 0 ? left : appended(left, `${address} ${name}`));
}

/** The content with the name's lines as they were: those of now go, those of before come back to their places. */
export function withLines(content: string, name: string, before: readonly HostsLine[]): string {
  const lines = split(content).flatMap((text) => (namesOf(text).includes(name) ? without(text, name) : [text]));
  for (const { index, text } of before) {
    const [stripped] = without(text, name);
    const at = stripped === undefined ? -1 : lines[index] === stripped ? index : lines.indexOf(stripped);
    if (at >= 0) lines[at] = text;
    else lines.splice(Math.min(index, lines.length), 0, stripped === undefined ? text : `${words(text)[0]} ${name}`);
  }
  return join(lines);
}

// An end without a line feed stays one: the new line goes before the last.
function appended(lines: readonly string[], text: string): readonly string[] {
  return lines.at(-1) === '' ? [...lines.slice(0, -1), text, ''] : [...lines.slice(0, -1), text, ...lines.slice(-1)];
}

function without(text: string, name: string): readonly string[] {
  if (namesOf(text).length === 1) return [];
  const [code = '', ...comment] = text.split('#');
  const left = code
    .split(/(\s+)/)
    .filter((word, index, all) => word !== name && !(all[index + 1] === name && /^\s+$/.test(word)));
  return [[left.join(''), ...comment].join('#')];
}

function namesOf(text: string): readonly string[] {
  return words(text).slice(1);
}

function words(text: string): readonly string[] {
  return (text.split('#')[0] ?? '').split(/\s+/).filter((word) => word !== '');
}

function split(content: string): readonly string[] {
  return content.split('\n');
}

function join(lines: readonly string[]): string {
  return lines.join('\n');
}
