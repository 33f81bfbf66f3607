import type { ImageSource } from './image.ts';

export type Role = 'system' | 'user' | 'assistant';

/** A part of a message in OpenAI's form, or a picture given directly. */
export type ContentPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: string | { readonly url: string } }
  | { readonly type: 'image'; readonly image: ImageSource };

export interface ChatMessage {
  readonly role: Role;
  readonly content: string | readonly ContentPart[];
}

/** Text of the user that was tokenised, with each picture's run of placeholder ids. */
export interface PromptIds {
  /** Rendered chat template, placeholders not yet expanded. */
  readonly text: string;
  readonly ids: Int32Array; // [n], placeholders expanded
  /** Where each picture's placeholder run stands, in the order of the pictures. */
  readonly spans: readonly { readonly start: number; readonly length: number }[];
}
