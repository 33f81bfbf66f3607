/** Picks the chat template among a model's files, in Hugging Face's order of precedence. */
import * as z from 'zod';
import { ChatTemplateError } from '../contracts/errors.ts';

const named = z.array(z.object({ name: z.string(), template: z.string() }));
const holder = z.object({
  chat_template: z.union([z.string(), named, z.record(z.string(), z.string())]).nullish(),
});

/**
 * `chat_template.jinja` before `chat_template.json` before the `chat_template` of tokenizer_config.json; of several
 * named templates the one called "default". Throws ChatTemplateError when there is none.
 */
export function chatTemplateFrom(files: {
  readonly chatTemplateJinja?: string | undefined;
  readonly chatTemplateJson?: unknown;
  readonly tokenizerConfig?: unknown;
}): string {
  const found =
    files.chatTemplateJinja ??
    pick(files.chatTemplateJson, 'chat_template.json') ??
    pick(files.tokenizerConfig, 'tokenizer_config.json');
  if (found === undefined) {
    throw new ChatTemplateError(
      'The model has no chat template: either a base model, which was never taught to answer (use its chat version), or the file is missing (put its chat_template.json or chat_template.jinja into the model folder).',
    );
  }
  return found;
}

function pick(json: unknown, file: string): string | undefined {
  if (json === undefined || json === null) return undefined;
  const read = holder.safeParse(json);
  if (!read.success) {
    throw new ChatTemplateError(
      `${file}: chat_template must be a text or a list of named texts; fetch the file again.`,
    );
  }
  const template = read.data.chat_template ?? undefined;
  if (template === undefined || typeof template === 'string') return template;
  const chosen = Array.isArray(template)
    ? template.find(({ name }) => name === 'default')?.template
    : template.default;
  if (chosen === undefined) {
    throw new ChatTemplateError(
      `${file}: none of its chat templates is named "default"; keep one of that name.`,
    );
  }
  return chosen;
}
