/** What is wrong with a template, and where in its text: line from 1, column from 0. */
export class TemplateError extends Error {
  readonly code: 'template-error' | 'undefined-variable';
  readonly at: { readonly line: number; readonly column: number };
  /** The nearest right name, or what to write instead. */
  readonly help: string | undefined;

  constructor(
    message: string,
    at: TemplateError['at'],
    more: { readonly code?: TemplateError['code']; readonly help?: string } = {},
  ) {
    super(message);
    this.name = 'TemplateError';
    this.code = more.code ?? 'template-error';
    this.at = { line: at.line, column: at.column };
    this.help = more.help;
  }
}
