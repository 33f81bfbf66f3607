import { ApiError } from './api-error.ts';

export interface BodyLimits {
  readonly bodyBytes: number;
}

/** Deepest nesting of a body. JSON schemas of tools nest, but not so deep. */
const DEEPEST = 64;

/**
 * The JSON object of a request, read no further than the limits.
 * @throws ApiError 413 or 400
 */
export async function readJson(request: Request, limits: BodyLimits): Promise<object> {
  const announced = Number(request.headers.get('content-length') ?? 0);
  if (announced > limits.bodyBytes) throw tooLarge(limits);
  const text = await readText(request, limits);
  if (nestsDeeper(text, DEEPEST)) {
    throw new ApiError(400, 'invalid_json', `The body nests deeper than ${DEEPEST} levels.`);
  }
  const value = parse(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new ApiError(400, 'invalid_json', 'The body must be a JSON object.');
}

async function readText({ body }: Request, limits: BodyLimits): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > limits.bodyBytes) throw tooLarge(limits);
    parts.push(part);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    throw new ApiError(400, 'invalid_json', 'The body is not UTF-8.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const where = error instanceof Error ? /at position \d+/.exec(error.message)?.[0] : undefined;
    const place = where === undefined ? '' : ` (${where})`;
    throw new ApiError(400, 'invalid_json', `The body is not valid JSON${place}.`);
  }
}

const tooLarge = ({ bodyBytes }: BodyLimits): ApiError =>
  new ApiError(
    413,
    'body_too_large',
    `The body has more than ${bodyBytes} bytes; send fewer or smaller pictures.`,
  );

/** Whether brackets outside of strings nest deeper: looked at before anything recursive reads the text. */
function nestsDeeper(text: string, most: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > most) return true;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}
