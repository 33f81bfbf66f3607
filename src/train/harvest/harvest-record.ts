import * as z from 'zod';
import type { DataProblem } from '../../contracts/errors.ts';
import type { ChatMessage, ContentPart } from '../../contracts/messages.ts';
import type { NormalMessage } from '../../input/messages.ts';
import type { Outcome } from './answer-dialogues.ts';

/**
 * One line of a harvest: a record of chat messages, which training data and `msd run --messages` take, and under
 * `harvest` where it comes from. Pictures stand in the parts themselves, so that `<image>` in a text stays text.
 * A dialogue of which nothing is kept has a reason instead of messages; such lines stay out of the finished file.
 */
const recordSchema = z.object({
  messages: z.array(z.unknown()).optional(),
  left: z.string().optional(),
  harvest: z.object({
    /** Place among all dialogues of the run, counted from 0. */
    dialogue: z.int().min(0),
    answers: z.array(z.object({ finish: z.enum(['stop', 'length']), tokens: z.int().min(1) })),
  }),
});

/** What the progress of a run needs to know of a line. */
export interface LineFacts {
  readonly dialogue: number;
  readonly answers: number;
  readonly tokens: number;
  /** Answers that were cut at their most tokens. */
  readonly cut: number;
  /** Why nothing of the dialogue is kept, or null. */
  readonly left: string | null;
}

export function harvestLine(outcome: Outcome): string {
  const { index, dialogue } = outcome;
  const { file, index: record } = dialogue.place;
  const harvest = { dialogue: index, file, record };
  const leave = (reason: string) => {
    const left = problemText({ file, index: record, reason });
    return JSON.stringify({ left, harvest: { ...harvest, answers: [] } });
  };
  if ('refused' in outcome) return leave(outcome.refused.message);
  const { messages, images, answers } = outcome.answered;
  if (answers.length === 0) return leave('its first answer was not kept');
  return JSON.stringify({
    messages: chatMessages(messages, images),
    harvest: { ...harvest, answers },
  });
}

/** Reads a line back; undefined if it is none of a harvest. */
export function readHarvestLine(line: string): LineFacts | undefined {
  const read = recordSchema.safeParse(parse(line));
  if (!read.success) return undefined;
  const { harvest, left = null } = read.data;
  return {
    dialogue: harvest.dialogue,
    answers: harvest.answers.length,
    tokens: harvest.answers.reduce((sum, { tokens }) => sum + tokens, 0),
    cut: harvest.answers.filter(({ finish }) => finish === 'length').length,
    left,
  };
}

export function problemText({ file, index, reason }: DataProblem): string {
  return `${file}${index === undefined ? '' : `, record ${index}`}: ${reason}`;
}

function chatMessages(
  messages: readonly NormalMessage[],
  images: readonly string[],
): ChatMessage[] {
  let shown = 0;
  return messages.map(({ role, content }) => {
    const [only] = content;
    if (content.length === 1 && only?.type === 'text') return { role, content: only.text };
    const parts = content.map((part): ContentPart => {
      return part.type === 'text' ? part : { type: 'image', image: images[shown++] ?? '' };
    });
    return { role, content: parts };
  });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
