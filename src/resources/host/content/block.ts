import { type Inputs, Later } from '../../../model/deferred.ts';
import { CairnError, problem } from '../../../model/diagnostic.ts';
import { type AnyType, declare, type FieldChange, type More, type Resource } from '../../../model/resource.ts';
import { revealText, Secret } from '../../../model/secret.ts';
import { field } from '../path-compare.ts';
import { type FragmentSpec, type FragmentWant, fragmentType } from './fragment.ts';
import { type LinePlace, type PlainPlace, placeIn, plainPlace } from './line-place.ts';
import { insertLines, joinLines, type Lines, oddEnds, removeLines, splitLines, withEnds } from './text.ts';

export interface BlockId {
  readonly path: string;
  /** In the marker lines, unique in its file: `# BEGIN name` and `# END name`. */
  readonly name: string;
  /** Begins and ends the marker lines: `['#', '']` unless said otherwise, `['<!--', '-->']` in XML. */
  readonly comment?: readonly [begin: string, end: string];
}

interface BlockWant extends FragmentWant, PlainPlace {
  readonly content?: string | Secret;
}

/** Lines of a text file between two marker lines. */
export interface BlockSpec extends BlockId, LinePlace, FragmentSpec {
  /** Required unless `absent`. An end of line at its end counts for nothing. */
  readonly content?: Inputs<string | Secret>;
  /** The block and its markers must not be there. */
  readonly absent?: boolean;
}

interface FoundBlock {
  readonly lines: readonly string[];
  /** Of its first marker, from 0. */
  readonly index: number;
  /** The line above it. */
  readonly above?: string;
  /** The ends of the file's lines, where not all are plain line feeds. */
  readonly ends?: string;
}

const type = fragmentType<BlockId, BlockWant, FoundBlock>({
  name: 'block',
  identity: ['path', 'name', 'comment'],
  key: ({ name }) => {
    if (/^[^\s](.*[^\s])?$/.test(name) && !/[\r\n*]/.test(name)) return name.replaceAll(/\s+/g, '-');
    throw new CairnError(
      problem('bad-block-name', `${JSON.stringify(name)} can't name a block: one line, no space around it`),
    );
  },
  title: ({ path, name }) => `block ${name} of ${path}`,
  find: (text, id) => blockIn(splitLines(text), id),
  put: (text, id, want) => joinLines(withBlock(splitLines(text), id, want)),
  giveBack: (text, id, before) => joinLines(withEnds(giveBack(splitLines(text), id, before), before?.ends)),
  change: (found, { content }) => changeOf(found, content),
  same: (a, b) => a.lines.join('\n') === b.lines.join('\n'),
  show: ({ lines }) => lines.join(' ⏎ '),
});

const any = type as unknown as AnyType;

/** Declares lines between two markers in a text file. */
export const block = Object.assign(
  ({ path, name, comment, content, absent, validate, born, ...place }: BlockSpec, more?: More): Resource<BlockId> => {
    const want = {
      ...plainPlace(place),
      ...(content === undefined ? {} : { content }),
      ...(absent === undefined ? {} : { absent }),
      ...(validate === undefined ? {} : { validate }),
      ...(born === undefined ? {} : { born }),
    };
    return declare<BlockId>(any, 'managed', { path, name, ...(comment ? { comment } : {}) }, want, more);
  },
  { type: any },
);

function markers({ name, comment: [begin, end] = ['#', ''] }: BlockId): readonly [string, string] {
  const around = (word: string): string => `${begin} ${word} ${name}${end === '' ? '' : ` ${end}`}`;
  return [around('BEGIN'), around('END')];
}

function blockIn(all: Lines, id: BlockId): FoundBlock | null {
  const { lines } = all;
  const [begin, end] = markers(id);
  const count = (marker: string): number => lines.filter((text) => text.trim() === marker).length;
  if (count(begin) === 0 && count(end) === 0) return null;
  const [from, to] = [lines.findIndex((text) => text.trim() === begin), lines.findIndex((text) => text.trim() === end)];
  if (count(begin) !== 1 || count(end) !== 1 || to < from) {
    throw new CairnError(
      problem('unreadable', `${id.path} has not just one line "${begin}" and one "${end}" after it`, {
        help: 'somebody changed the markers: put them right by hand',
      }),
    );
  }
  const [above, ends] = [lines[from - 1], oddEnds(all)];
  const place = { index: from, ...(above === undefined ? {} : { above }), ...(ends === undefined ? {} : { ends }) };
  return { lines: lines.slice(from + 1, to), ...place };
}

function linesOf(content: string | Secret): readonly string[] {
  const text = revealText(content).replace(/\r?\n$/, '');
  return text === '' ? [] : text.split(/\r?\n/);
}

function changeOf(found: FoundBlock | undefined, content: unknown): FieldChange | null {
  if (content === undefined) throw missingContent();
  if (content instanceof Later) return { path: 'block', how: 'later', secret: false };
  const wanted = linesOf(content as string | Secret);
  if (found?.lines.join('\n') === wanted.join('\n')) return null;
  if (content instanceof Secret) return { path: 'block', how: 'update', secret: true };
  return field('block', found?.lines.join(' ⏎ '), wanted.join(' ⏎ '));
}

function missingContent(): CairnError {
  return new CairnError(problem('no-content', 'a block has neither content nor absent: true'));
}

function withBlock(lines: Lines, id: BlockId, { content, ...place }: BlockWant): Lines {
  if (content === undefined) throw missingContent();
  const wanted = linesOf(content);
  const [begin, end] = markers(id);
  if (wanted.some((text) => text.trim() === begin || text.trim() === end)) {
    throw new CairnError(problem('bad-block', `the content of block ${id.name} of ${id.path} holds its own marker`));
  }
  const found = blockIn(lines, id);
  if (found) return replaced(lines, found, wanted);
  return insertLines(lines, placeIn(lines, place), [begin, ...wanted, end]);
}

function replaced(lines: Lines, { index, lines: old }: FoundBlock, wanted: readonly string[]): Lines {
  const emptied = old.length > 0 ? removeLines(lines, index + 1, old.length) : lines;
  return insertLines(emptied, index + 1, wanted);
}

function giveBack(lines: Lines, id: BlockId, before: FoundBlock | null): Lines {
  const now = blockIn(lines, id);
  if (now && before) return replaced(lines, now, before.lines);
  if (now) return removeLines(lines, now.index, now.lines.length + 2);
  if (!before) return lines;
  const { index, above, lines: content } = before;
  const [begin, end] = markers(id);
  const beneath = above === undefined || lines.lines[index - 1] === above ? -1 : lines.lines.indexOf(above);
  const at = beneath >= 0 ? beneath + 1 : Math.min(index, lines.lines.length);
  return insertLines(lines, at, [begin, ...content, end]);
}
