import type { ImageSource } from './image.ts';
import type { ToolCall } from './tool-call.ts';

/** A `tool` tells what came of a call. */
export type Role = 'system' | 'user' | 'assistant' | 'tool';

/** A part of a message in OpenAI's form, or a picture given directly. */
export type ContentPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: string | { readonly url: string } }
  | { readonly type: 'image'; readonly image: ImageSource };

export interface ChatMessage {
  readonly role: Role;
  readonly content: string | readonly ContentPart[];
  /** Of the assistant: what it called. */
  readonly tool_calls?: readonly ToolCall[];
  /** Of a tool: the call that it answers. */
  readonly tool_call_id?: string;
}

/** A run of placeholder ids: where embeddings of a picture stand. A picture cut into tiles has several. */
export interface PictureSpan {
  readonly start: number;
  readonly length: number;
  /** Which of the prompt's pictures, counted from 0. */
  readonly picture: number;
  /** First of the picture's embeddings that stands here. */
  readonly row: number;
}

/** Rotary positions by three axes (M-RoPE), where they are not the places in the text. */
export interface AxisPositions {
  readonly time: Int32Array; // [n]
  readonly height: Int32Array; // [n]
  readonly width: Int32Array; // [n]
}

/** Text of the user that was tokenised, with each picture's runs of placeholder ids. */
export interface PromptIds {
  /** Rendered chat template, placeholders not yet expanded. */
  readonly text: string;
  readonly ids: Int32Array; // [n], placeholders expanded
  /** In the order of the text, and so of the pictures. */
  readonly spans: readonly PictureSpan[];
  /** Of a model that turns pictures by rows and columns. */
  readonly positions?: AxisPositions;
}
