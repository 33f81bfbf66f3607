import { ChatTemplateError } from '../contracts/errors.ts';
import type { ChatTemplate } from './chat-template.ts';
import type { NormalMessage, Offered } from './messages.ts';

/** Throws ChatTemplateError for tools, documents or calls that the template leaves out of what it writes. */
export function checkOffered(
  template: ChatTemplate,
  messages: readonly NormalMessage[],
  offered: Offered,
): void {
  const render = (given: Offered) => template(messages, { addGenerationPrompt: true, ...given });
  checkCalls((given) => template(given, { addGenerationPrompt: true, ...offered }), messages);
  for (const kind of ['tools', 'documents'] as const) {
    if ((offered[kind] ?? []).length === 0) continue;
    const { [kind]: _, ...others } = offered;
    if (render(offered) !== attempt(() => render(others))) continue;
    throw new ChatTemplateError(
      `The model's chat template has no place for ${kind}; leave them out, or use a model that was taught to read them.`,
    );
  }
}

/** Calls that were made, likewise. */
function checkCalls(
  render: (messages: readonly NormalMessage[]) => string,
  messages: readonly NormalMessage[],
): void {
  if (!messages.some(({ calls }) => calls !== undefined)) return;
  const without = messages.map(({ calls: _, ...message }) => message);
  if (render(messages) !== attempt(() => render(without))) return;
  throw new ChatTemplateError(
    "The model's chat template has no place for tool_calls; write what was called, and what came of it, as text.",
  );
}

/** Undefined where the template refuses: then it counts on what was taken away. */
function attempt(render: () => string): string | undefined {
  try {
    return render();
  } catch (error) {
    if (error instanceof ChatTemplateError) return undefined;
    throw error;
  }
}
