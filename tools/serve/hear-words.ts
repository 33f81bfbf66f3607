/** A streaming client's ears. */
export interface HeardWords {
  /** When words came, in milliseconds of the process's clock; those that came together count once. */
  readonly arrivals: readonly number[];
  readonly text: string;
  readonly promptTokens: number;
  readonly tokens: number;
}

/** Words apart by less than this many milliseconds came together, as those of one pass do. */
const TOGETHER = 2;

/** Asks by OpenAI's way for chats or texts, and listens to the end, or until `signal`. */
export async function hearWords(
  address: string,
  body: object,
  onArrival: (at: number) => void = () => {},
  signal?: AbortSignal,
): Promise<HeardWords> {
  const asked = { ...body, stream: true, stream_options: { include_usage: true } };
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(asked),
    ...(signal && { signal }),
  });
  if (!response.ok || response.body === null) throw new Error(await response.text());
  const arrivals: number[] = [];
  let [text, rest, promptTokens, tokens] = ['', '', 0, 0];
  try {
    for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
      const at = performance.now();
      const events = (rest + part).split('\n\n');
      rest = events.pop() ?? '';
      const before = text.length;
      for (const event of events) {
        if (event.startsWith('event: error')) throw new Error(event);
        const data = event.match(/^data: (\{.*)/)?.[1];
        if (data === undefined) continue;
        const { choices = [], usage } = JSON.parse(data);
        text += choices[0]?.delta?.content ?? choices[0]?.text ?? '';
        promptTokens = usage?.prompt_tokens ?? promptTokens;
        tokens = usage?.completion_tokens ?? tokens;
      }
      if (text.length === before || at - (arrivals.at(-1) ?? 0) < TOGETHER) continue;
      arrivals.push(at);
      onArrival(at);
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
  return { arrivals, text, promptTokens, tokens };
}
