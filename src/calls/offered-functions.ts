import { OptionError } from '../contracts/errors.ts';

/** A function that a request offers. */
export interface OfferedFunction {
  readonly name: string;
  /** The JSON schema of its arguments. */
  readonly parameters: unknown;
  /** Whether its arguments are to keep the schema whenever it is called. */
  readonly strict: boolean;
  /** Where its parameters stand in the request. */
  readonly path: string;
}

/**
 * The functions of `tools`, in OpenAI's form or without its wrapping.
 * @throws OptionError where one has no name, or two have the same
 */
export function offeredFunctions(tools: readonly object[]): OfferedFunction[] {
  const all = tools.map((tool, at): OfferedFunction => {
    const wrapped = 'function' in tool ? tool.function : tool;
    const given = typeof wrapped === 'object' && wrapped !== null ? wrapped : {};
    const name = 'name' in given ? given.name : undefined;
    if (typeof name !== 'string' || name === '') {
      throw new OptionError('tools', `has an entry ${at} that is no function with a name.`);
    }
    const parameters = 'parameters' in given ? (given.parameters ?? undefined) : undefined;
    const inside = 'function' in tool ? 'function/parameters' : 'parameters';
    return {
      name,
      parameters,
      strict: 'strict' in given && given.strict === true,
      path: `#/tools/${at}/${inside}`,
    };
  });
  const names = all.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new OptionError('tools', `has two functions of the name ${twice}.`);
  return all;
}
