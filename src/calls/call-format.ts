/** How calls of tools stand in answers of some models. */
export interface CallFormat {
  readonly name: 'hermes' | 'llama-3' | 'mistral';
  /** What calls begin with; null where an answer that is a call is nothing else. */
  readonly begin: string | null;
  /** What ends a call, or all of them; null is the end of the answer. */
  readonly end: string | null;
  /** What the arguments are called. */
  readonly argumentsKey: 'arguments' | 'parameters';
  /** Whether an answer may hold more than one. */
  readonly parallel: boolean;
  /** Whether calls stand in one list. */
  readonly listed: boolean;
}

const HERMES: CallFormat = {
  name: 'hermes',
  begin: '<tool_call>',
  end: '</tool_call>',
  argumentsKey: 'arguments',
  parallel: true,
  listed: false,
};
const MISTRAL: CallFormat = {
  name: 'mistral',
  begin: '[TOOL_CALLS]',
  end: null,
  argumentsKey: 'arguments',
  parallel: true,
  listed: true,
};
const LLAMA_3: CallFormat = {
  name: 'llama-3',
  begin: null,
  end: null,
  argumentsKey: 'parameters',
  parallel: false,
  listed: false,
};

/**
 * How a chat template has calls written, by the marks that it writes itself; null where it is none of those known here:
 * Hermes' (Qwen's too), Llama 3's JSON and Mistral's list.
 */
export function callFormatOf(template: string): CallFormat | null {
  if (template.includes('[TOOL_CALLS]')) return template.includes('[ARGS]') ? null : MISTRAL;
  if (template.includes('<tool_call>')) return template.includes('<function=') ? null : HERMES;
  return /<\|python_tag\|>|"parameters": /.test(template) && template.includes('tools')
    ? LLAMA_3
    : null;
}
