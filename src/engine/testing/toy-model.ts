import type { Drafter } from '../../contracts/drafter.ts';
import { ImageError } from '../../contracts/errors.ts';
import { floatTensor } from '../../contracts/session.ts';
import type { Target } from '../../contracts/target.ts';
import { toyDrafter } from '../../decode/testing/toy-drafter.ts';
import { toyLanguage } from '../../decode/testing/toy-language.ts';
import { toyTarget } from '../../decode/testing/toy-target.ts';
import { BESIDE, DRAFTER_NAMES } from '../../draft/drafters.ts';
import { createNoDrafter } from '../../draft/none.ts';
import { createRecycledTokens } from '../../draft/recycle/recycled-tokens.ts';
import { promptLookup } from '../../draft/suffix.ts';
import type { LlavaConfig } from '../../families/llava/llava-config.ts';
import type { Tokenizer } from '../../input/tokenizer.ts';
import { createMeter } from '../answer/meter.ts';
import type { Host } from '../host.ts';
import { openDrafters } from '../load/drafters.ts';
import { createGrammars } from '../load/grammars.ts';
import { createRecycledApart } from '../load/recycled-apart.ts';
import type { Model } from '../model.ts';

const EOS = 0;
const IMAGE = 1;
const FIRST_LETTER = 2;
/** Letters `a` to `r`, the end token and the placeholder. */
const VOCAB = FIRST_LETTER + 18;
/** Placeholder ids of a picture. */
export const IMAGE_TOKENS = 5;

interface ToySettings {
  readonly seed?: number;
  readonly contextLength?: number;
  /** How sure the language is of its next token. */
  readonly spread?: number;
  readonly wrap?: (target: Target) => Target;
  readonly imageDecoded?: (text: string) => void;
  readonly costs?: Model['costs'];
  /** Told what rounds taught of them. */
  readonly onCosts?: (costs: Model['costs']) => void;
  /** Milliseconds that a row takes in a pass of the target. */
  readonly msPerRow?: number;
  /** Draft milliseconds that reading a row takes. */
  readonly draftMsPerRow?: number;
  readonly rowsKeepApart?: boolean;
  /** Whether `auto` joins guesses from the text with the draft's. */
  readonly joined?: boolean;
  readonly letMessagesIn?: Host['letMessagesIn'];
}

/** A whole model without networks: a toy language, a draft that often guesses it, one letter a token. */
export function toyModel({
  seed = 1,
  contextLength = 4096,
  spread = 12,
  wrap = (target) => target,
  imageDecoded = () => {},
  onCosts = () => {},
  costs = COSTS,
  msPerRow = 0,
  draftMsPerRow = 0,
  rowsKeepApart = true,
  joined = false,
  letMessagesIn = () => new Promise((resolve) => setImmediate(resolve)),
}: ToySettings = {}): { host: Host; model: Model } {
  const language = toyLanguage(VOCAB, 2, seed, spread);
  const stranger = toyLanguage(VOCAB, 2, seed + 1000, spread);
  const meter = createMeter();
  const onPass = (rows: number) => {
    meter.target += msPerRow * rows;
  };
  const target = wrap(unhurried(toyTarget(language, contextLength), letMessagesIn, onPass));
  const guess = (context: readonly number[]) =>
    ((context.at(-1) as number) % 4 === 3 ? stranger : language).logits(context);
  const recycled = createRecycledApart(() => createRecycledTokens());
  const drafts: [Drafter, ...Drafter[]] = [
    metered(toyDrafter(guess, 10, target.read), (rows) => {
      meter.draft += draftMsPerRow * rows;
    }),
    promptLookup.open({ target, imageTokenId: IMAGE, recycled }),
    createNoDrafter(),
  ];
  const beside = { ...BESIDE, open: () => BESIDE.open({ imageTokenId: IMAGE, recycled }) };
  const drafters = openDrafters(drafts, joined ? beside : null, recycled);
  let time = 0;
  const host: Host = {
    clock: () => {
      time += 0.1;
      return time;
    },
    letMessagesIn,
    now: () => new Date(0),
    modelFolder: unexpected,
    checkTarget: unexpected,
    checkDraft: unexpected,
    convert: unexpected,
    openSession: unexpected,
    readCosts: unexpected,
    writeCosts: unexpected,
    async decodeImage({ name, bytes }) {
      const text = new TextDecoder().decode(bytes);
      if (text === 'broken') throw new ImageError(name, 'it is no picture.');
      imageDecoded(text);
      const data = Uint8Array.from({ length: 3 }, (_, i) => bytes[i % bytes.length] as number);
      return { width: 1, height: 1, data };
    },
  };
  const model: Model = {
    info: INFO,
    files: {
      tensors: new Map(),
      config: configOf(contextLength),
      fingerprint: 'toy',
      preprocessor: { path: 'toy', value: {} },
    },
    target,
    rowsKeepApart,
    embed: async ({ pixels }) => {
      const embeddings = new Float32Array(IMAGE_TOKENS).fill(Number(pixels?.data[0]));
      return { data: embeddings, count: IMAGE_TOKENS, width: 1 };
    },
    tokenizer: toyTokenizer(),
    callFormat: null,
    grammars: createGrammars(toyTokenizer(), VOCAB, [EOS], null),
    // The user's turn ends with r, the assistant's with q.
    template: (messages) =>
      messages
        .map(({ role, content }) => {
          const text = content.map((part) => (part.type === 'image' ? '<image>' : part.text));
          return text.join('') + (role === 'assistant' ? 'q' : 'r');
        })
        .join(''),
    pictures: {
      layout: () => ({ ids: Array<number>(IMAGE_TOKENS).fill(IMAGE) }),
      feeds: ({ data }) => ({ pixels: floatTensor(Float32Array.from(data), [3]) }),
    },
    drafters,
    costs,
    keepCosts: async (costs) => onCosts(costs),
    meter,
    dispose: async () => {},
  };
  return { host, model };
}

/** A pass lets messages in, as one of a session does: other work comes to an end meanwhile. */
function unhurried(
  target: Target,
  letMessagesIn: Host['letMessagesIn'],
  onPass: (rows: number) => void,
): Target {
  return {
    ...target,
    async forward(steps) {
      onPass(steps.reduce((sum, { ids }) => sum + ids.length, 0));
      await letMessagesIn();
      return target.forward(steps);
    },
  };
}

/** The file of a picture that a toy decodes: its text. */
export const toyPicture = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A drafter that tells how many rows it reads. */
function metered(drafter: Drafter, onRead: (rows: number) => void): Drafter {
  return {
    ...drafter,
    run(jobs) {
      for (const { rows } of jobs) for (const { next } of rows) onRead(next.length);
      return drafter.run(jobs);
    },
  };
}

/** `a` to `r` are tokens, other characters none. */
function toyTokenizer(): Tokenizer {
  const texts = ['</s>', '<image>', ...'abcdefghijklmnopqr'];
  return {
    vocabSize: texts.length,
    specialTokens: ['</s>', '<image>'],
    namedTokens: {},
    encode: (text) =>
      Int32Array.from(
        (text.match(/<image>|<\/s>|[a-r]/g) ?? []).map((token) => texts.indexOf(token)),
      ),
    decode: (ids) => Array.from(ids, (id) => (id < FIRST_LETTER ? '' : texts[id])).join(''),
    bytes: { of: (token) => new TextEncoder().encode(token), dropsFirstSpace: false },
    tokenId: (token) => texts.indexOf(token),
    tokenText: (id) => texts[id],
    isSpecial: (id) => id < FIRST_LETTER,
    openTextStream: () => ({ push: (token) => token, flush: () => '' }),
  };
}

const COSTS: Model['costs'] = {
  target: [
    { rows: 1, ms: 1 },
    { rows: 8, ms: 1.1 },
    { rows: 59, ms: 2 },
  ],
  draftLevel: 0.05,
  host: 0,
};

const INFO: Model['info'] = {
  model: 'toy',
  draft: 'toy',
  device: 'cpu',
  threads: 1,
  family: 'toy',
  drafters: DRAFTER_NAMES,
  precision: 'fp32',
  contextLength: 4096,
  hiddenSize: 1,
  layers: 0,
  vocabSize: VOCAB,
  parameters: 0,
  draftParameters: 0,
  weightBytes: 0,
  cacheBytesPerToken: 0,
  readsPictures: true,
  imageTokens: IMAGE_TOKENS,
  unapplied: [],
  costs: { ...COSTS, cached: false },
};

function configOf(contextLength: number): LlavaConfig {
  const layers = { hiddenSize: 1, intermediateSize: 1, layers: 0, heads: 1 };
  return {
    family: 'llava',
    decoder: {
      ...layers,
      kvHeads: 1,
      headDim: 2,
      vocabSize: VOCAB,
      rmsNormEps: 1e-5,
      ropeTheta: 10000,
      contextLength,
      tiedEmbeddings: false,
    },
    vision: { ...layers, imageSize: 1, patchSize: 1, layerNormEps: 1e-5, activation: 'quick_gelu' },
    projector: { activation: 'gelu', bias: true, featureLayer: -2, select: 'default' },
    imageTokenId: IMAGE,
    imageTokens: IMAGE_TOKENS,
    eosTokenIds: [EOS],
  };
}

function unexpected(): never {
  throw new Error('a toy reads no files');
}
