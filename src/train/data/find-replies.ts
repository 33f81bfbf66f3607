/**
 * Where the assistant's replies stand in a rendered dialogue. A reply is what the template writes between the
 * generation prompt that would ask for it and what follows it: found by rendering the dialogue's beginnings.
 */
import { ChatTemplateError } from '../../contracts/errors.ts';
import type { ChatTemplate } from '../../input/chat-template.ts';
import type { NormalMessage } from '../../input/messages.ts';
import { type GuardedText, renderGuarded } from '../../input/render-guarded.ts';

export interface RenderedDialogue {
  /** As for `Tokenizer.encode`. */
  readonly guarded: string;
  readonly guard: string;
  /** Characters of `guarded` from `start` up to `end`, in order, one range per reply. */
  readonly replies: readonly { readonly start: number; readonly end: number }[];
}

/**
 * Renders the whole dialogue. A reply ends with its end token; white space that the template writes behind that is no
 * reply. A template without end tokens (LLaVA 1.5's of Hugging Face) gets `eos` behind the dialogue's last reply, in
 * place of white space, since that is what the model writes there when it answers.
 *
 * Throws ChatTemplateError for a template that changes what it wrote before as the dialogue goes on.
 */
export function findReplies(
  messages: readonly NormalMessage[],
  template: ChatTemplate,
  { specials, eos }: { specials: readonly string[]; eos: string | undefined },
): RenderedDialogue {
  const render = (given: readonly NormalMessage[]) =>
    template(given, { addGenerationPrompt: false });
  const rendered = renderGuarded((given) => render(given.messages), { messages }, specials);
  const { guard } = rendered;
  let { guarded } = rendered;

  const replies: { start: number; end: number }[] = [];
  for (const [turn, { role }] of messages.entries()) {
    if (role !== 'assistant') continue;
    const asked = template(messages.slice(0, turn), { addGenerationPrompt: true });
    const answered = render(messages.slice(0, turn + 1));
    const start = positionBehind(asked, rendered);
    const written = guarded.slice(start, positionBehind(answered, rendered));
    const length = lengthToEndToken(written, specials);
    if (length === undefined && eos !== undefined && start + written.length === guarded.length) {
      guarded = guarded.trimEnd() + eos;
      replies.push({ start, end: guarded.length });
    } else {
      replies.push({ start, end: start + (length ?? written.length) });
    }
  }
  return { guarded, guard, replies };
}

/** Length of `beginning` in the guarded text. */
function positionBehind(beginning: string, { text, guarded, guard }: GuardedText): number {
  if (!text.startsWith(beginning)) {
    throw new ChatTemplateError(
      'The chat template writes the turns of a dialogue otherwise once more of it follows, so that replies to learn from ' +
        "can't be told apart; use a template that leaves earlier turns as they were.",
    );
  }
  let at = 0;
  for (let seen = 0; seen < beginning.length; at++) if (guarded[at] !== guard) seen++;
  return at;
}

/** Characters up to and with the special token that nothing but white space follows; undefined if there is none. */
function lengthToEndToken(written: string, specials: readonly string[]): number | undefined {
  const content = written.trimEnd();
  return specials.some((special) => content.endsWith(special)) ? content.length : undefined;
}
