import { Writable } from 'node:stream';
import { fitColumns } from '../print/fit-columns.ts';

/** Where a verb tells what is not its result. */
export type NoticeStream = NodeJS.WritableStream & {
  readonly isTTY: boolean;
  /** Of a terminal. */
  readonly columns?: number;
};

/** Writes lines that fit the terminal, if it is one. */
export const noticesOn = (stream: NoticeStream) => (text: string) => {
  stream.write(fitColumns(text, stream.columns));
};

/** Standard error, or nowhere with --quiet. Errors don't go through it. */
export function noticeStream(quiet: boolean | undefined): NoticeStream {
  if (!quiet) return process.stderr;
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  return Object.assign(nowhere, { isTTY: false });
}
