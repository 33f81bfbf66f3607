import type { PictureSpan } from '../../contracts/messages.ts';
import type { NormalMessage } from '../../input/messages.ts';
import type { MarkedText } from '../../learn/marked-text.ts';

/** Where a record stands, for messages about it. */
export interface Place {
  readonly file: string;
  /** Counted from 0: of the record in a JSON list, of the line in JSON Lines. */
  readonly index: number;
}

/** A dialogue to learn from: turns of user and assistant, with the pictures that the user shows. */
export interface Dialogue {
  readonly place: Place;
  readonly messages: readonly NormalMessage[];
  /** Files of the pictures, in the order of the messages' image parts. */
  readonly images: readonly string[];
  /** Tokens of each of the assistant's messages, where the target wrote them: `msd harvest` keeps them. */
  readonly answers?: readonly Int32Array[];
}

/** A dialogue as the networks read it. */
export interface TokenisedDialogue extends MarkedText {
  readonly place: Place;
  readonly images: readonly string[];
  /** The runs of placeholder ids, in order: where embeddings of a picture stand. */
  readonly spans: readonly PictureSpan[];
}
