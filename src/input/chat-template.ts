/** Chat templates as Hugging Face's `apply_chat_template` renders them, over normalised messages. */
import { ChatTemplateError } from '../contracts/errors.ts';
import type { MadeCall, NormalMessage, Offered } from './messages.ts';
import { roleForms } from './role-forms.ts';
import { compileTemplate } from './template/compile.ts';
import { TemplateFailure } from './template/failure.ts';
import { fromData } from './template/from-data.ts';

/**
 * Renders messages to the prompt's text. Throws ChatTemplateError when the template refuses them, and
 * UnsupportedTemplateError, which is one, when it uses what is not known to come out as in Hugging Face.
 */
export type ChatTemplate = (
  messages: readonly NormalMessage[],
  options: { readonly addGenerationPrompt: boolean } & Offered,
) => string;

/**
 * Compiles a template. `namedTokens` are the tokenizer's (`bos_token`, …); `now` is the clock of `strftime_now`.
 * Whether a role's content is given as parts or as a text is found out by trying (`roleForms`).
 */
export function createChatTemplate(
  source: string,
  { namedTokens, now }: { namedTokens: Readonly<Record<string, string>>; now: () => Date },
): ChatTemplate {
  const compiled = explained(
    'The chat template is broken',
    'use the one published with the model',
    () => compileTemplate(source, { now }),
  );
  const render = (given: object): string => {
    const variables = { tools: null, documents: null, ...given, ...namedTokens };
    return compiled(
      new Map(Object.entries(variables).map(([name, value]) => [name, fromData(value)])),
    );
  };
  const forms = roleForms((messages) => render({ messages, add_generation_prompt: true }));
  return (messages, { addGenerationPrompt, tools, documents }) => {
    const given = {
      messages: messages.map((message) => {
        const { role, content, plain, calls, callId, name } = message;
        const form = role === 'tool' ? 'text' : forms[role];
        const asText = form === 'text' || (form === 'either' && plain);
        return {
          role,
          content: asText ? textOf(content) : content,
          ...(calls && { tool_calls: calls.map(toldCall) }),
          ...(callId !== undefined && { tool_call_id: callId }),
          ...(name !== undefined && { name }),
        };
      }),
      ...(tools && { tools }),
      ...(documents && { documents }),
      add_generation_prompt: addGenerationPrompt,
    };
    return explained("The chat template can't render these messages", undefined, () =>
      render(given),
    );
  };
}

/** A call as templates of Hugging Face read it. */
const toldCall = ({ id, name, arguments: given }: MadeCall) => ({
  ...(id !== undefined && { id }),
  type: 'function',
  function: { name, arguments: given },
});

/** What fails in the template becomes a ChatTemplateError that says what. */
function explained<T>(problem: string, advice: string | undefined, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof TemplateFailure)) throw error;
    const place = error.line > 0 ? ` (line ${error.line})` : '';
    const reason = error.message.replace(/[.\s]+$/, '');
    throw new ChatTemplateError(
      `${problem}: ${reason}${place}${advice === undefined ? '' : `; ${advice}`}.`,
      { cause: error },
    );
  }
}

function textOf(content: NormalMessage['content']): string {
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}
