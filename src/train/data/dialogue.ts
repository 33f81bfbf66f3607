import type { PictureSpan } from '../../contracts/messages.ts';
import type { NormalMessage } from '../../input/messages.ts';

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
}

/** A dialogue as the networks read it. */
export interface TokenisedDialogue {
  readonly place: Place;
  readonly images: readonly string[];
  readonly ids: Int32Array; // [n], each placeholder widened to its run
  /** Where each picture's run of placeholder ids stands. */
  readonly spans: readonly PictureSpan[];
  /** 1 where the token belongs to a reply of the assistant, its end token included. */
  readonly reply: Uint8Array; // [n]
}
