import * as z from 'zod';
import { offeredFunctions } from '../../calls/offered-functions.ts';
import { OptionError } from '../../contracts/errors.ts';
import type { ToolChoice } from '../../contracts/tool-call.ts';
import { schemaExpression } from '../../grammar/schema/schema-expression.ts';

const CHOICES = 'must be none, auto, required or {type: function, function: {name}}.';

export const toolChoiceOption = z.union(
  [
    z.enum(['none', 'auto', 'required']),
    z.strictObject({
      type: z.literal('function'),
      function: z.strictObject({ name: z.string() }),
    }),
  ],
  CHOICES,
);

/** Whether an answer must call a function. */
export const mustCall = (choice: ToolChoice | undefined): boolean =>
  choice === 'required' || typeof choice === 'object';

/**
 * What can't be kept of the tools of a request is refused before anything runs: a choice of none that is there, and
 * parameters that must be kept, since they are strict or their call is forced.
 * @throws OptionError, SchemaError
 */
export function checkTools(
  tools: readonly object[] | undefined,
  choice: ToolChoice | undefined,
): void {
  if (choice === undefined && tools === undefined) return;
  if (tools === undefined || tools.length === 0) {
    if (mustCall(choice)) throw new OptionError('toolChoice', 'goes with tools; give some.');
    return;
  }
  if (choice === undefined && !tools.some(isStrict)) return; // handed to the template as they are
  const functions = offeredFunctions(tools);
  const named = typeof choice === 'object' ? choice.function.name : undefined;
  if (named !== undefined && !functions.some(({ name }) => name === named)) {
    throw new OptionError('toolChoice', `names ${named}, which is none of the tools.`);
  }
  for (const { name, parameters, strict, path } of functions) {
    const forced = choice === 'required' || name === named;
    if (parameters !== undefined && (strict || forced)) schemaExpression(parameters, path);
  }
}

const isStrict = (tool: object): boolean => offeredFunctions([tool]).some(({ strict }) => strict);
