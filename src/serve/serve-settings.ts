import * as z from 'zod';
import { OptionError } from '../contracts/errors.ts';

/** How a server listens, whom it lets in, and how much it takes on. */
export interface ServeSettings {
  /** Default 127.0.0.1: nobody else reaches it. */
  readonly host: string;
  /** 0 is any that is free. Default 8080. */
  readonly port: number;
  /** Names that requests may give as `model`, the first of which answers bear. Default: the model's own. */
  readonly names: readonly string[];
  /** API keys, one of which a request must bear. Default none: then anyone may ask. */
  readonly keys: readonly string[];
  /** Origins whose pages may ask from a browser; `*` is any. Default none. */
  readonly corsOrigins: readonly string[];
  /** Hosts that pictures are fetched from. Default none. */
  readonly imageHosts: readonly string[];
  /** Answers that run at a time. Default 16. */
  readonly parallel: number;
  /** Answers that may wait beyond them. Default 64. */
  readonly queue: number;
  /** Bytes of keys and values that running answers may come to need. Default 8 GiB. */
  readonly cacheBytes: number;
  /** Bytes of a request. Default 64 MiB. */
  readonly bodyBytes: number;
  /** Pictures of a request. Default 16. */
  readonly pictures: number;
  /** Bytes of a picture's file. Default 20 MiB. */
  readonly pictureBytes: number;
  /** Pixels of a picture. Default 40 million. */
  readonly picturePixels: number;
  /** Seconds that an answer may wait for a place. Default 60. */
  readonly queueSeconds: number;
  /** Seconds that an answer may take. Default 600. */
  readonly answerSeconds: number;
  /** Seconds that answers may go on after the server was asked to end. Default 30. */
  readonly graceSeconds: number;
  /** Seconds of silence on a stream before a comment is sent. Default 15. */
  readonly pingSeconds: number;
  /** Seconds that a reader may leave a stream unread. Default 60. */
  readonly stallSeconds: number;
}

const whole = (least: number, most: number) => {
  const range = `must be a whole number from ${least} to ${most}.`;
  return z.int(range).min(least, range).max(most, range);
};
const seconds = (usual: number) => {
  const range = 'must be a number of seconds from 0.01 to 86400.';
  return z.number(range).min(0.01, range).max(86_400, range).default(usual);
};
const texts = z.array(z.string().min(1), 'must be a list of texts, none empty.').default([]);
const bytes = (usual: number) => whole(1024, 2 ** 40).default(usual);

const schema = z.strictObject({
  host: z.string('must be a text.').min(1, 'must not be empty.').default('127.0.0.1'),
  port: whole(0, 65_535).default(8080),
  names: texts,
  keys: texts,
  corsOrigins: texts,
  imageHosts: texts,
  parallel: whole(1, 1024).default(16),
  queue: whole(0, 100_000).default(64),
  cacheBytes: bytes(2 ** 33),
  bodyBytes: whole(1024, 2 ** 29).default(2 ** 26),
  pictures: whole(0, 1024).default(16),
  pictureBytes: whole(1024, 2 ** 26).default(20 * 2 ** 20),
  picturePixels: whole(1, 178_956_970).default(40_000_000),
  queueSeconds: seconds(60),
  answerSeconds: seconds(600),
  graceSeconds: seconds(30),
  pingSeconds: seconds(15),
  stallSeconds: seconds(60),
});

/** Fills in the defaults. @throws OptionError naming the setting */
export function resolveServeSettings(given: Partial<ServeSettings>): ServeSettings {
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    throw new OptionError(issue.keys.join(', '), 'is not known; see ServeSettings.');
  }
  throw new OptionError(String(issue?.path[0] ?? 'settings'), issue?.message ?? 'is not valid.');
}
