import type { ErrorObject } from 'ajv';

const sorts: Readonly<Record<string, string>> = {
  integer: 'an integer',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'empty',
};

/** What ajv says is wrong with a value, for people, without the value's name: `must be an integer`. */
export function wordsOf(error: ErrorObject): string {
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'type': {
      const types = Array.isArray(params.type) ? params.type : [params.type];
      return `must be ${types.map((type) => sorts[String(type)] ?? String(type)).join(' or ')}`;
    }
    case 'enum':
      return `must be ${listed(params.allowedValues as readonly unknown[])}`;
    case 'const':
      return `must be ${JSON.stringify(params.allowedValue)}`;
    case 'anyOf':
      return `must be ${listed(choicesOf(error.schema))}`;
    case 'minLength':
      return params.limit === 1 ? 'must not be empty' : `must have at least ${params.limit} characters`;
    default:
      return (error.message ?? 'is wrong').replace('NOT', 'not');
  }
}

function choicesOf(schema: unknown): readonly unknown[] {
  if (!Array.isArray(schema)) return [];
  return schema.map(
    (one: { const?: unknown; type?: string }) => one.const ?? new Word(sorts[one.type ?? ''] ?? 'of another form'),
  );
}

// Printed as it is, where a value is printed as JSON.
class Word {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function listed(values: readonly unknown[]): string {
  const words = [...new Set(values.map((value) => (value instanceof Word ? value.text : JSON.stringify(value))))];
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** Without the errors inside the branches of an `anyOf`, which speaks for them. */
export function condensed(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf');
  return errors.filter(
    (error) =>
      error.keyword === 'anyOf' || !unions.some((union) => error.schemaPath.startsWith(`${union.schemaPath}/`)),
  );
}
