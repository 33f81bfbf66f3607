/**
 * What an answer must come out as. JSON is on one line, `{"a": 1, "b": [2, 3]}`, and properties come in the order of the
 * schema; an object whose schema names properties has no others unless `additionalProperties` allows them.
 */
export type ResponseFormat =
  /** Anything. */
  | { readonly type: 'text' }
  /** Some object of JSON. */
  | { readonly type: 'json_object' }
  /** JSON that keeps a schema, `strict` or not: what can't be kept is refused (SchemaError). */
  | { readonly type: 'json_schema'; readonly json_schema: NamedSchema }
  /** A text that a regular expression of ECMAScript (flag u) finds itself in. */
  | { readonly type: 'regex'; readonly regex: string };

export interface NamedSchema {
  /** Shown to nobody here. */
  readonly name?: string;
  readonly description?: string;
  readonly schema?: object | boolean;
  readonly strict?: boolean | null;
}
