import type { TreeChoice } from './drafter.ts';
import type { ImageSource } from './image.ts';
import type { ChatMessage } from './messages.ts';
import type { OpenAiMessage } from './openai-message.ts';
import type { PictureReading } from './reading.ts';
import type { ResponseFormat } from './response-format.ts';
import type { ToolCall, ToolCallDelta, ToolChoice } from './tool-call.ts';

/** How a token is drawn from the target's logits. Hugging Face's order: temperature, top-k, top-p, min-p. */
export interface Sampling {
  /** 0 is greedy. Default 0. */
  readonly temperature: number;
  /** Keep the k most likely tokens; 0 keeps all. Default 0. */
  readonly topK: number;
  /** Keep the smallest set whose mass reaches p; 1 keeps all. Default 1. */
  readonly topP: number;
  /** Keep tokens at least this share of the most likely one; 0 keeps all. Default 0. */
  readonly minP: number;
  /** Same seed, same text. Default 0. */
  readonly seed: number;
}

/** A request by a single user turn. */
export interface PromptOptions extends AnswerOptions {
  readonly prompt: string;
  /** Pictures of that turn, placed before the words. */
  readonly images?: readonly ImageSource[];
  readonly messages?: never;
  readonly text?: never;
}

/** A request by a conversation, pictures in it. */
export interface MessagesOptions extends AnswerOptions {
  /** OpenAI's own types fit; what a model here can't be given (sound, files) is refused as PromptError. */
  readonly messages: readonly (ChatMessage | OpenAiMessage)[];
  readonly prompt?: never;
  readonly images?: never;
  readonly text?: never;
}

/** A request by a text that is gone on with as it stands, without the chat template. */
export interface TextOptions extends AnswerOptions {
  /**
   * The text, whose special tokens are read as such, with those that the tokenizer puts around it; or its ids, as they
   * are.
   */
  readonly text: string | readonly number[];
  readonly prompt?: never;
  readonly messages?: never;
  readonly images?: never;
}

/** A request. Exactly one of `prompt`, `messages` and `text`. */
export type GenerateOptions = PromptOptions | MessagesOptions | TextOptions;

/** What a request may say beside what it asks. */
export interface AnswerOptions extends Partial<Sampling> {
  /** A system turn put in front. */
  readonly system?: string;
  /**
   * Functions offered to the model, in OpenAI's form or as its chat template wants them; handed to the template.
   * Refused where that has no place for them.
   */
  readonly tools?: readonly object[];
  /**
   * Whether a function of `tools` is called. `none` does not offer them; `required` and a named one force calls whose
   * arguments keep the schemas. Default 'auto'. Calls are read out of the answer where the chat template has them
   * written as Hermes (Qwen too), Llama 3 or Mistral have; elsewhere they are part of its text.
   */
  readonly toolChoice?: ToolChoice;
  /** Whether more than one function may be called, where calls are held to a form. Default true. */
  readonly parallelToolCalls?: boolean;
  /** Documents to answer from, likewise: mostly of a `title` and a `text`. */
  readonly documents?: readonly object[];
  /** Most tokens to write, end token included. Default 256. */
  readonly maxTokens?: number;
  /** Texts that end the answer; they are not part of it. */
  readonly stop?: readonly string[];
  /**
   * What the answer must come out as: JSON, JSON that keeps a schema, or what a regular expression finds. Default: any
   * text. Sampling follows the target's law with forbidden tokens left out at each place. Refused by SchemaError.
   */
  readonly responseFormat?: ResponseFormat;
  /** Go on past the end token. Default false. */
  readonly ignoreEos?: boolean;
  /** Tell the logarithm of the target's probability with every token, before temperature and filters. Default false. */
  readonly logprobs?: boolean;
  /** With `logprobs`: tell those of so many likeliest tokens too, 0 to 20. Default 0. */
  readonly topLogprobs?: number;
  /**
   * One of `ModelInfo.drafters`, alone. Default 'auto': the one that the draft was made for, joined with recycled where the
   * tree is 'auto' too; without a draft, recycled.
   */
  readonly drafter?: string;
  /**
   * What is drafted for a pass: a tree of that shape, so many rows best first, root included (1 to 64), or, by default,
   * 'auto': the nodes that pay by measured costs, or none.
   */
  readonly tree?: TreeChoice;
  /**
   * What the answer may come out as, in parts at least, as a text that is to be revised: where it does, it is written
   * several tokens a pass. It changes no word. `recycled` and `suffix` read it, so that goes with these and 'auto'.
   */
  readonly prediction?: string;
  /** Added to the target's logits of these ids, -100 (never) to 100, before temperature. Default nothing. */
  readonly logitBias?: Readonly<Record<number, number>>;
  /** Taken off the logit of each id for every time that the answer holds it so far, -2 to 2. Default 0. */
  readonly frequencyPenalty?: number;
  /** Taken off the logit of each id that the answer holds so far, -2 to 2. Default 0. */
  readonly presencePenalty?: number;
  /** Tell of every pass its tree, and of every token who guessed it. Default false. */
  readonly passes?: boolean;
  /**
   * Read the text of the pictures too, and put it into the prompt as words behind each of them; a model that sees no
   * pictures is given the words alone. What was read is told. Default: false, but for models that are made for it.
   */
  readonly readText?: boolean;
  /**
   * Leave out what earlier answers left: `likely` guesses by nothing that the target held likely in them, `all` reads the
   * prompt and its pictures anew too. The answer then leaves as much to none. It changes no word. Default: nothing.
   */
  readonly forget?: 'likely' | 'all';
  readonly signal?: AbortSignal;
}

/** A token and how likely the target held it. */
export interface TokenLogprob {
  readonly id: number;
  /** Its text alone; U+FFFD where it is a part of a character. */
  readonly token: string;
  /** Natural logarithm. */
  readonly logprob: number;
}

export interface TokenLogprobs extends TokenLogprob {
  /** The likeliest in its place, likeliest first. */
  readonly top: readonly TokenLogprob[];
}

/** `tool_calls` is an answer that ended by itself and calls functions. */
export type FinishReason = 'stop' | 'tool_calls' | 'length' | 'cancelled';

/** What runs, told before the first token. */
export interface RunInfo {
  readonly model: string;
  readonly draft: string | null;
  readonly drafter: string;
  /**
   * What guesses beside it without a call, into the same tree: `recycled` where `auto` has a draft, `grammar` where
   * `responseFormat` or a call forces text, `recycled+grammar`. Null is nothing.
   */
  readonly beside: string | null;
  /** Whether anything but the root is ever proposed: not by `none`, nor where the runtime makes every text run alone. */
  readonly drafts: boolean;
  /** Whether trees cost passes of a network. */
  readonly isNetwork: boolean;
  readonly precision: string;
  readonly device: string;
  readonly threads: number;
  /** `T,D,K`, rows, `auto`, or `plain` if nothing drafts. */
  readonly tree: string;
  /** For `auto`: what leads before the first round, and why. What ran in the end is in `GenerateResult.trees`. */
  readonly choice: string | null;
}

/** Milliseconds of each part of a request. */
export interface Timings {
  readonly vision: number;
  readonly prefill: number;
  readonly target: number;
  readonly draft: number;
  readonly host: number;
  readonly total: number;
  /** From the request to its first token, waiting included; null if there was none. */
  readonly firstToken: number | null;
}

/** What one pass of the target gave. */
export interface RoundStats {
  /** Nodes verified, root included; 1 is plain decoding. */
  readonly nodes: number;
  /** Whether the drafter was asked for any; not in plain rounds, nor where what is beside it stood alone. */
  readonly asked: boolean;
  /** Drafted tokens kept and emitted. */
  readonly accepted: number;
  /** Of each drafted level, from the root's children down. */
  readonly levels: readonly LevelStats[];
  readonly targetMs: number;
  readonly draftMs: number;
  readonly hostMs: number;
}

/** What a pass verified, told where a request asks for its passes. */
export interface PassTree {
  /** Parents precede their children; node 0 is the root, the newest token before the pass. */
  readonly nodes: readonly {
    readonly id: number;
    /** Its text alone; U+FFFD where it is a part of a character. */
    readonly token: string;
    /** -1 at the root. */
    readonly parent: number;
    /** The drafter that guessed it, or what is beside that; null at the root. */
    readonly by: string | null;
  }[];
  /** Nodes that the target agreed with, the root first. */
  readonly kept: readonly number[];
}

/** The nodes of a tree at one depth. */
export interface LevelStats {
  readonly nodes: number;
  /** The draft's own probability that the text goes on through one of them; null where it does not tell. */
  readonly survival: number | null;
}

export interface GenerateResult {
  readonly text: string;
  /** Of a request with tools, where calls are read: the text without them. */
  readonly content?: string;
  /** Likewise: the functions that are called, in order. */
  readonly toolCalls?: readonly ToolCall[];
  /** Generated ids, end token included. */
  readonly ids: readonly number[];
  /** Of each id, where the request asks for them. */
  readonly logprobs?: readonly TokenLogprobs[];
  readonly finishReason: FinishReason;
  /** What was read of each picture, where the request has that done. */
  readonly readings?: readonly PictureReading[];
  readonly promptTokens: number;
  /** Prompt tokens whose keys and values were kept from an earlier turn. */
  readonly cachedTokens: number;
  /** Target passes after prefill. */
  readonly passes: number;
  /** (ids - 1) / passes, since the prompt's own pass gives the first id; 0 without a pass. */
  readonly tokensPerPass: number;
  readonly acceptedPerPass: readonly number[];
  readonly run: RunInfo;
  /**
   * Of the tokens of `prediction`: how many the answer has in their order, and how many it has not. Only where one was
   * given.
   */
  readonly predicted?: { readonly accepted: number; readonly rejected: number };
  /** Passes per tree, as `{"8,3,4": 12, "plain": 1}`; by rows where those were not forced to a shape: `{"7": 12}`. */
  readonly trees: Readonly<Record<string, number>>;
  readonly rounds: readonly RoundStats[];
  readonly timings: Timings;
}

export type GenerateEvent =
  | {
      readonly type: 'start';
      readonly run: RunInfo;
      readonly promptTokens: number;
      /** What was read of each picture, where the request has that done. */
      readonly readings?: readonly PictureReading[];
    }
  | { readonly type: 'prefill'; readonly done: number; readonly total: number }
  | {
      readonly type: 'token';
      readonly id: number;
      /**
       * Text that became certain with this token; empty while a character or a stop text may be half done. A cancelled
       * answer may repeat its last id, with the text that was held back.
       */
      readonly text: string;
      readonly drafted: boolean;
      /** Of a drafted one, who guessed it, where passes are told. */
      readonly by?: string;
      /** Of a request with tools, where calls are read: what became certain of the text without calls. */
      readonly content?: string;
      /** Likewise: what became certain of calls. */
      readonly toolCalls?: readonly ToolCallDelta[];
      readonly logprobs?: TokenLogprobs;
    }
  | { readonly type: 'round'; readonly round: RoundStats; readonly tree?: PassTree }
  | { readonly type: 'done'; readonly result: GenerateResult };
