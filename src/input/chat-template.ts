/** Chat templates: Jinja as Hugging Face's `apply_chat_template` offers it, over normalised messages. */
import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja';
import { ChatTemplateError } from '../contracts/errors.ts';
import type { Role } from '../contracts/messages.ts';
import type { NormalMessage } from './messages.ts';
import { strftime } from './strftime.ts';

/** Renders messages to the prompt's text. Throws ChatTemplateError when the template refuses them. */
export type ChatTemplate = (
  messages: readonly NormalMessage[],
  options: { readonly addGenerationPrompt: boolean },
) => string;

/** A message as the template sees it: parts, or plain text for templates that know no parts. */
type TemplateMessage = { role: Role; content: string | NormalMessage['content'] };
type Render = (messages: readonly TemplateMessage[], addGenerationPrompt: boolean) => string;

/**
 * Compiles a template. `namedTokens` are the tokenizer's (`bos_token`, …); `now` is the clock of `strftime_now`.
 * Whether a role's content is given as parts or as a string is found out by trying (`templateWantsStrings`).
 */
export function createChatTemplate(
  source: string,
  { namedTokens, now }: { namedTokens: Readonly<Record<string, string>>; now: () => Date },
): ChatTemplate {
  const render = compile(source, namedTokens, now);
  const wantsStrings = templateWantsStrings(render);
  return (messages, { addGenerationPrompt }) => {
    const given = messages.map(({ role, content }) => ({
      role,
      content: wantsStrings[role] ? textOf(content) : content,
    }));
    try {
      return render(given, addGenerationPrompt);
    } catch (error) {
      throw new ChatTemplateError(
        `The chat template can't render these messages: ${reason(error)}`,
        { cause: error },
      );
    }
  };
}

function compile(
  source: string,
  namedTokens: Readonly<Record<string, string>>,
  now: () => Date,
): Render {
  const program = parseTemplate(source);
  return (messages, addGenerationPrompt) => {
    const environment = new Environment();
    const variables = {
      ...namedTokens,
      messages,
      add_generation_prompt: addGenerationPrompt,
      ...globals(now),
    };
    for (const [name, value] of Object.entries(variables)) environment.set(name, value);
    return String(new Interpreter(environment).run(program).value);
  };
}

function parseTemplate(source: string) {
  try {
    return parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }));
  } catch (error) {
    throw new ChatTemplateError(
      `The chat template is broken (${reason(error)}); use the template published with the model.`,
      { cause: error },
    );
  }
}

/** Names that every template may use, in Jinja's spelling and Python's. */
function globals(now: () => Date): Record<string, unknown> {
  return {
    true: true,
    True: true,
    false: false,
    False: false,
    none: null,
    None: null,
    range: (first: number, stop?: number, step = 1) => {
      const [from, to] = stop === undefined ? [0, first] : [first, stop];
      return Array.from(
        { length: Math.max(0, Math.ceil((to - from) / step)) },
        (_, i) => from + i * step,
      );
    },
    strftime_now: (format: string) => strftime(now(), format),
    raise_exception: (message: string) => {
      throw new Error(message);
    },
  };
}

/** Survives upper-casing, and any way of printing a list (which would escape quote and newline) mangles it. */
const PROBE = '7351"\n2846';

/**
 * Which roles' content the template reads as a string: those whose probe is lost or printed as a list when given as
 * parts, and appears when given as a string.
 */
function templateWantsStrings(render: Render): Readonly<Record<Role, boolean>> {
  const shows = (role: Role, asString: boolean, userAsString: boolean): boolean => {
    const message = (role: Role, text: string, plain: boolean): TemplateMessage => ({
      role,
      content: plain ? text : [{ type: 'text', text }],
    });
    const user = message('user', '1', userAsString);
    const probe = message(role, PROBE, asString);
    const chat = { system: [probe, user], user: [probe], assistant: [user, probe, user] }[role];
    try {
      return render(chat, true).includes(PROBE);
    } catch {
      return false;
    }
  };
  const wants = (role: Role, userAsString: boolean) =>
    !shows(role, false, userAsString) && shows(role, true, userAsString);
  const user = wants('user', false);
  return { user, system: wants('system', user), assistant: wants('assistant', user) };
}

function textOf(content: NormalMessage['content']): string {
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.endsWith('.') ? text.slice(0, -1) : text;
}
