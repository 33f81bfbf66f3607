/** What a run writes down as it goes: one JSON object a line in `metrics.jsonl`. */
export type RunRecord = StepRecord | ValidationRecord;

export interface StepRecord {
  readonly kind: 'step';
  /** Counted from 1. */
  readonly step: number;
  readonly learningRate: number;
  /** What is minimised; mean over the reply tokens of the batch. */
  readonly loss: number;
  /** SmoothL1 between features, of a draft. */
  readonly featureLoss?: number;
  /** Cross-entropy of tokens: against the target's distribution of an MSD draft, else against the reply. */
  readonly tokenLoss: number;
  /** Σ|draft - target| of a block draft's distributions, and its loss of confidence. */
  readonly variation?: number;
  readonly confidenceLoss?: number;
  /** Share of reply tokens at which the draft's likeliest token is the target's. */
  readonly agreement?: number;
  /** Global norm before clipping. */
  readonly gradNorm: number;
  /** Share of multimodal dialogues that the curriculum asks for, and the share in this batch. */
  readonly scheduledShare: number;
  readonly multimodalShare: number;
  /** Reply tokens, and rows read by the network without padding. */
  readonly replyTokens: number;
  readonly rows: number;
  readonly seconds: number;
}

export interface ValidationRecord {
  readonly kind: 'validation';
  /** Steps done; 0 before the first. */
  readonly step: number;
  readonly seconds: number;
  /** Figures of all held-out dialogues, and of those without and with pictures where there are any. */
  readonly all: ValidationFigures;
  readonly text?: ValidationFigures;
  readonly visual?: ValidationFigures;
}

export interface ValidationFigures {
  readonly dialogues: number;
  readonly loss: number;
  readonly featureLoss?: number;
  readonly tokenLoss: number;
  readonly variation?: number;
  readonly confidenceLoss?: number;
  /** Share of reply tokens at which the draft agrees with the target, at depth 1, 2, … of its own guesses. */
  readonly agreement?: readonly number[];
  /** Tokens per pass of the target, by running the decoder; measured on a part of the dialogues. */
  readonly tokensPerPass?: number;
}
