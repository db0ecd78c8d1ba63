/** A variable that a template reads from its outermost scope. */
export interface TemplatePath {
  readonly parts: readonly string[];
  readonly at: hbs.AST.Position;
  /** True inside `default`, which is asked because the variable may be missing. */
  readonly optional: boolean;
}

interface Scope {
  /** How many `each` and `with` stand around. */
  readonly depth: number;
  readonly locals: ReadonlySet<string>;
}

const changesContext = new Set(['each', 'with']);

/** Every variable of the outermost scope that a template mentions, in the order of the text. */
export function pathsOf(program: hbs.AST.Program): readonly TemplatePath[] {
  const found: TemplatePath[] = [];
  readProgram(program, { depth: 0, locals: new Set() }, found);
  return found;
}

function readProgram(program: hbs.AST.Program, scope: Scope, found: TemplatePath[]): void {
  for (const statement of program.body) {
    if (statement.type === 'MustacheStatement') readCall(statement as hbs.AST.MustacheStatement, scope, found);
    if (statement.type === 'BlockStatement') readBlock(statement as hbs.AST.BlockStatement, scope, found);
  }
}

function readBlock(block: hbs.AST.BlockStatement, scope: Scope, found: TemplatePath[]): void {
  readParams(block, scope, found);
  const locals = new Set([...scope.locals, ...(block.program.blockParams ?? [])]);
  const deeper = changesContext.has(block.path.original) ? 1 : 0;
  readProgram(block.program, { depth: scope.depth + deeper, locals }, found);
  if (block.inverse) readProgram(block.inverse, scope, found);
}

type Call = Pick<hbs.AST.MustacheStatement, 'path' | 'params'>;

function readCall(call: Call, scope: Scope, found: TemplatePath[]): void {
  if (isCall(call)) readParams(call, scope, found);
  else readExpression(call.path, scope, found);
}

/** True when the call names a function; otherwise it reads a variable. */
function isCall({ params }: Call): boolean {
  return params.length > 0;
}

function readParams(call: Call, scope: Scope, found: TemplatePath[]): void {
  const optional = call.path.type === 'PathExpression' && (call.path as hbs.AST.PathExpression).original === 'default';
  for (const param of call.params) readExpression(param, scope, found, optional);
}

function readExpression(expression: hbs.AST.Expression, scope: Scope, found: TemplatePath[], optional = false): void {
  if (expression.type === 'SubExpression') readCall(expression as hbs.AST.SubExpression, scope, found);
  if (expression.type !== 'PathExpression') return;
  const path = expression as hbs.AST.PathExpression;
  const [first, ...rest] = path.parts;
  if (path.data) {
    if (first === 'root' && rest.length > 0) found.push({ parts: rest, at: path.loc.start, optional });
    return;
  }
  if (first === undefined || path.depth !== scope.depth || scope.locals.has(first)) return;
  found.push({ parts: path.parts, at: path.loc.start, optional });
}
