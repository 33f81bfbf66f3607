import type { AxisPositions } from '../contracts/messages.ts';

/** A dialogue as networks learn it: its tokens, with a mark at those that the assistant said. */
export interface MarkedText {
  readonly ids: Int32Array; // [n], each picture's placeholder widened
  /** 1 where the token belongs to a reply of the assistant, its end token included. */
  readonly reply: Uint8Array; // [n]
  /** Where a model that turns pictures by rows and columns has the tokens, if there is a picture. */
  readonly positions?: AxisPositions; // [n] each
  /** The token behind the last one, where it is known: it is the reply's, and no network has read it. */
  readonly end?: number;
}
