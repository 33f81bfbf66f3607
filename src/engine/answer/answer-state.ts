import type { Drafter, Names, RecycledTokens } from '../../contracts/drafter.ts';
import type { GenerateResult, RoundStats } from '../../contracts/generate.ts';
import type { TextReader } from '../../contracts/reading.ts';
import type { Sequence } from '../../contracts/target.ts';
import type { Others, Plan } from '../../decode/plan.ts';
import type { Prices } from '../../decode/prices.ts';
import type { Picker } from '../../decode/sample.ts';
import type { Host } from '../host.ts';
import type { Beside } from '../load/drafters.ts';
import type { Model } from '../model.ts';
import type { Company } from './company.ts';
import type { Conversation, Conversations } from './conversations.ts';
import type { GrammarText } from './grammar-text.ts';
import type { Ledger } from './ledger.ts';
import type { PictureCache } from './picture.ts';
import type { PreparedPrompt } from './read-prompt.ts';
import type { Request } from './resolve-options.ts';
import type { Writer } from './writer.ts';

/** What the answers of an engine share. */
export interface AnswerContext {
  readonly model: Model;
  readonly host: Host;
  readonly pictures: PictureCache;
  readonly conversations: Conversations;
  readonly reader: TextReader;
  /** What was learnt about the trees of each drafter, alone or with what is beside it; answers read and replace it. */
  readonly plans: Map<string, Plan>;
  /** What passes of the target take; likewise. */
  readonly prices: { now: Prices };
  /** Others that decode, beside the answer that asks. */
  readonly others: () => Others;
  /** How many other answers run. */
  readonly running: () => number;
  /** What those wait for. */
  readonly company: () => Company;
  /** Told of every answer that was not cancelled, while its sequence holds what was read of it. */
  readonly onAnswered?: (answered: Answered) => void;
}

/** An answer that has ended: what it was asked by, what it says, and where its rows are. */
export interface Answered extends Pick<GenerateResult, 'text' | 'ids' | 'finishReason'> {
  readonly request: Request;
  readonly prompt: PreparedPrompt;
  /** Holds prompt and answer but for its last token, which no pass has read. */
  readonly sequence: Sequence;
}

/** An answer while it is written. */
export interface AnswerState {
  readonly context: AnswerContext;
  readonly request: Request;
  readonly drafter: Drafter;
  /** What is guessed beside it without a call. */
  readonly beside: Beside | null;
  /** What the target held likely: in all answers, or in this one alone. */
  readonly recycled: RecycledTokens;
  /** Some of the prompt's last tokens, and those that the request foretells behind them. */
  readonly prediction?: Int32Array | undefined;
  /** What the answer may name. */
  readonly named: Names;
  readonly prompt: PreparedPrompt;
  readonly conversation: Conversation;
  readonly writer: Writer;
  readonly picker: Picker;
  /** Where the answer must keep a form. */
  readonly grammar: GrammarText | null;
  readonly ledger: Ledger;
  readonly rounds: PlayedRound[];
}

export interface PlayedRound {
  /** `T,D,K` where that was forced, else the rows that were verified, or `plain`. */
  readonly name: string;
  readonly stats: RoundStats;
}
