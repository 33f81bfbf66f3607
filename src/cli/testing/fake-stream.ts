import { PassThrough } from 'node:stream';

export type StreamKind = 'colours' | 'no colours' | 'pipe';

/** A stream that keeps what is written, as a terminal or as a pipe. */
export function fakeStream(kind: StreamKind) {
  let text = '';
  const stream = Object.assign(new PassThrough(), {
    isTTY: kind !== 'pipe',
    hasColors: () => kind === 'colours',
    columns: 80,
    setRawMode: (_: boolean) => {},
  });
  stream.on('data', (piece) => {
    text += piece;
  });
  return { stream, text: () => text };
}
