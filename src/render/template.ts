import Handlebars from 'handlebars';
import { pathsOf, type TemplatePath } from './paths.ts';
import { TemplateError } from './template-error.ts';

/** A template that was understood. */
export interface Template {
  readonly text: string;
  readonly program: hbs.AST.Program;
  /** The variables it mentions, in the order of the text. */
  readonly paths: readonly TemplatePath[];
}

// Ten thousand hosts share a handful of templates.
const parsed = new Map<string, Template>();

/**
 * Understands a template, each text once; filling it in is `renderValue` and `renderText`.
 * @throws TemplateError for bad syntax
 */
export function parseTemplate(text: string): Template {
  const known = parsed.get(text);
  if (known) return known;
  const program = parse(text);
  const template = { text, program, paths: pathsOf(program) };
  parsed.set(text, template);
  return template;
}

function parse(text: string): hbs.AST.Program {
  try {
    return Handlebars.parse(text);
  } catch (error) {
    throw located(error instanceof Error ? error.message : String(error), text);
  }
}

// Handlebars says where only in its message: as a suffix `- 2:4`, or in a drawing with an arrow.
function located(message: string, text: string): TemplateError {
  if (/got 'EOF'/.test(message) || text.lastIndexOf('{{') > text.lastIndexOf('}}')) {
    return new TemplateError('the template ends too early: an expression or a block is left open', lastOpened(text));
  }
  const [, suffixLine, suffixColumn] = / - (\d+):(\d+)$/.exec(message) ?? [];
  const line = Number(suffixLine ?? /on line (\d+)/.exec(message)?.[1] ?? 1);
  const dashes = /\n(-*)\^\n/.exec(message)?.[1]?.length;
  return new TemplateError(plainWords(message), { line, column: Number(suffixColumn ?? dashes ?? 0) });
}

// At the end of a text everybody looks in vain: what was left open is where to look.
function lastOpened(text: string): TemplateError['at'] {
  const open: number[] = [];
  for (const { 0: brace, index } of text.matchAll(/\{\{~?[#/]?/g)) {
    if (brace.endsWith('/')) open.pop();
    else if (brace.endsWith('#') || !text.includes('}}', index)) open.push(index);
  }
  const before = text.slice(0, open.at(-1) ?? text.length).split('\n');
  return { line: before.length, column: before.at(-1)?.length ?? 0 };
}

function plainWords(message: string): string {
  const got = /Expecting .*, got '(\w+)'/.exec(message)?.[1];
  if (got === 'CLOSE_BLOCK_PARAMS' || message.includes('| ')) {
    return 'a "|" means nothing in a template; write {{default name "value"}}, not {{name | default}}';
  }
  if (got !== undefined || message.startsWith('Parse error')) return 'the template can’t be read here';
  return message.replace(/ - \d+:\d+$/, '');
}
