/**
 * Messages as the `openai` package types them (`ChatCompletionMessageParam`), written down structurally, so that they
 * compile here without that package. What no model here reads (sound, files) is refused when asked.
 */

/** `detail` is accepted and changes nothing: a picture is read as its model reads pictures. */
interface OpenAiPicture {
  readonly type: 'image_url';
  readonly image_url: { readonly url: string; readonly detail?: 'auto' | 'low' | 'high' };
}

interface OpenAiText {
  readonly type: 'text';
  readonly text: string;
}

interface OpenAiRefusal {
  readonly type: 'refusal';
  readonly refusal: string;
}

type OpenAiUserPart =
  | OpenAiText
  | OpenAiPicture
  | { readonly type: 'input_audio'; readonly input_audio: object }
  | { readonly type: 'file'; readonly file: object };

interface Named {
  /** Accepted, and shown to no model. */
  readonly name?: string;
}

interface OpenAiRules extends Named {
  /** A `developer` counts as `system`. */
  readonly role: 'developer' | 'system';
  readonly content: string | readonly OpenAiText[];
}

interface OpenAiUser extends Named {
  readonly role: 'user';
  readonly content: string | readonly OpenAiUserPart[];
}

interface OpenAiAssistant extends Named {
  readonly role: 'assistant';
  readonly content?: string | readonly (OpenAiText | OpenAiRefusal)[] | null;
  readonly refusal?: string | null;
  readonly tool_calls?: readonly object[];
  readonly function_call?: object | null;
  readonly audio?: object | null;
}

interface OpenAiTool {
  readonly role: 'tool';
  readonly content: string | readonly OpenAiText[];
  readonly tool_call_id: string;
}

interface OpenAiFunction {
  readonly role: 'function';
  readonly content: string | null;
  readonly name: string;
}

export type OpenAiMessage =
  | OpenAiRules
  | OpenAiUser
  | OpenAiAssistant
  | OpenAiTool
  | OpenAiFunction;
