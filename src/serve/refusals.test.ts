import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomRequest } from './testing/random-bodies.ts';
import { CHAT, chat, post, refusal, textOf, toyServer } from './testing/toy-server.ts';

const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const picture = (url: string) => ({
  messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
});
const CALL = { type: 'function', function: { name: 'a', parameters: { not: {} } } };
const LONG = { name: 'b', description: 'a'.repeat(100_000) };
const FORCED = (name: string) => ({ type: 'function', function: { name } });
const FLAT = { type: 'function', name: 'a', parameters: { not: {} } };
const ASKED = { role: 'user', content: 'abc' };
const schema = (schema: unknown) => ({ type: 'json_schema', json_schema: { name: 'a', schema } });

describe('a chat that can’t be', () => {
  it.each<[string, string | null, object]>([
    ['unknown_parameter', 'temprature', { temprature: 1 }],
    ['unknown_parameter', 'msd.trees', { msd: { trees: true } }],
    ['invalid_value', 'msd.tree', { msd: { tree: 65 } }],
    ['invalid_value', 'msd.forget', { msd: { forget: true } }],
    ['invalid_value', 'read_text', { read_text: 'yes' }],
    ['unsupported_parameter', 'functions', { functions: [{ name: 'a' }] }],
    ['invalid_value', 'tools[0].type', { tools: [{ type: 'custom' }] }],
    ['invalid_value', 'tools[0].function', { tools: [{ type: 'function' }] }],
    ['invalid_value', 'tool_choice', { tool_choice: 'required' }],
    ['invalid_value', 'tool_choice', { tools: [CALL], tool_choice: FORCED('b') }],
    ['chat_template_invalid', null, { tools: [CALL] }],
    [
      'schema_unsupported',
      'tools[0].function.parameters',
      { tools: [CALL], tool_choice: FORCED('a') },
    ],
    ['unsupported_parameter', 'reasoning_effort', { reasoning_effort: 'low' }],
    ['invalid_value', 'response_format.type', { response_format: { type: 'xml' } }],
    ['invalid_value', 'response_format.json_schema.schema', { response_format: schema('a') }],
    [
      'invalid_value',
      'response_format.json_schema.schema',
      { response_format: schema({ enum: ['a'.repeat(100_000)] }) },
    ],
    ['invalid_value', 'tools', { tools: [CALL, { ...CALL, function: LONG }] }],
    ['invalid_value', 'ignore_eos', { response_format: schema({}), ignore_eos: true }],
    [
      'schema_unsupported',
      'response_format.json_schema.schema.properties.a',
      { response_format: schema({ properties: { a: { uniqueItems: true } } }) },
    ],
    [
      'schema_unsupported',
      'response_format.json_schema.schema.anyOf[1]',
      { response_format: schema({ anyOf: [{}, { not: {} }] }) },
    ],
    ['invalid_value', 'temperature', { temperature: 3 }],
    ['invalid_value', 'temperature', { temperature: 'hot' }],
    ['invalid_value', 'n', { n: 0 }],
    ['invalid_value', 'n', { n: 17 }],
    ['invalid_value', 'stop[0]', { stop: [''] }],
    ['invalid_value', 'max_tokens', { max_tokens: 0 }],
    ['invalid_value', 'logit_bias.5', { logit_bias: { 5: 101 } }],
    ['invalid_value', 'top_logprobs', { top_logprobs: 2 }],
    ['invalid_value', 'stream_options', { stream_options: { include_usage: true } }],
    ['invalid_value', 'store', { store: true }],
    ['invalid_value', 'messages', { messages: [] }],
    ['invalid_value', 'messages', { messages: undefined }],
    ['invalid_value', 'messages[0]', { messages: ['abc'] }],
    ['invalid_value', 'messages[0].role', { messages: [{ role: 'king', content: 'a' }] }],
    ['invalid_value', 'messages[0].role', { messages: [{ role: 'function', content: 'a' }] }],
    ['invalid_value', 'messages[0].content', { messages: [{ role: 'assistant' }] }],
    ['invalid_value', 'messages[0].tool_call_id', { messages: [{ role: 'tool', content: 'a' }] }],
    [
      'invalid_value',
      'messages[0]',
      { messages: [{ role: 'tool', content: 'a', tool_call_id: 'never' }] },
    ],
    [
      'invalid_value',
      'messages[0].tool_calls',
      { messages: [{ role: 'user', content: 'a', tool_calls: [] }] },
    ],
    [
      'unknown_parameter',
      'messages[0].contents',
      { messages: [{ role: 'user', content: 'a', contents: 'b' }] },
    ],
    [
      'invalid_value',
      'messages[0].content[0].type',
      { messages: [{ role: 'user', content: [{ type: 'image', image: '/etc/passwd' }] }] },
    ],
    ['prompt_invalid', null, { messages: [{ role: 'assistant', content: 'a' }] }],
    ['image_refused', 'image_url', picture('/etc/passwd')],
    ['image_refused', 'image_url', picture('file:///etc/passwd')],
    ['image_refused', 'image_url', picture('http://127.0.0.1/a.png')],
    ['image_unreadable', null, picture('data:image/png;base64,AAAA')],
    [
      'context_length_exceeded',
      'messages',
      { messages: [{ role: 'user', content: 'ab'.repeat(3000) }] },
    ],
  ])('is told %s of %s', async (code, param, fields) => {
    const server = await toyServer();
    const told = await refusal(chat(server, { ...CHAT, ...fields }));
    expect(told).toMatchObject({ status: 400, type: 'invalid_request_error', code, param });
    if (param !== null && code !== 'context_length_exceeded' && code !== 'image_refused') {
      expect(told.message).toContain(param);
    }
  });

  it('takes null for what is not given', async () => {
    const server = await toyServer();
    const fields = { stop: null, n: null, tools: null, logit_bias: null, seed: null };
    expect((await chat(server, { ...CHAT, ...fields })).status).toBe(200);
  });

  it('has a model that is there, by whatever name', async () => {
    const server = await toyServer({ names: ['a/b', 'c'] });
    const told = await refusal(chat(server, { ...CHAT, model: 'd' }));
    expect(told).toMatchObject({ status: 404, code: 'model_not_found', param: 'model' });
    expect(told.message).toContain('a/b, c');
    const answer = await chat(server, { ...CHAT, model: 'c' });
    expect(await answer.json()).toMatchObject({ model: 'c' });
    expect((await fetch(`${server.url}/v1/models/a/b`)).status).toBe(200);
  });

  it('has pictures within limits', async () => {
    const server = await toyServer({ pictures: 1, picturePixels: 1, pictureBytes: 1024 });
    const part = { type: 'image_url', image_url: PIXEL };
    const two = { messages: [{ role: 'user', content: [part, part] }] };
    expect((await refusal(chat(server, two))).message).toContain('at most 1');
    const big = picture(`data:image/png;base64,${'A'.repeat(2000)}`);
    expect((await refusal(chat(server, big))).message).toContain('at most 1024');
  });
});

describe('a response that can’t be', () => {
  it.each<[string, string | null, object]>([
    ['unsupported_parameter', 'previous_response_id', { previous_response_id: 'resp_1' }],
    ['invalid_value', 'tools[0].type', { tools: [{ type: 'web_search' }] }],
    ['invalid_value', 'tools[0].name', { tools: [{ type: 'function' }] }],
    ['schema_unsupported', 'tools[0].parameters', { tools: [FLAT], tool_choice: 'required' }],
    ['invalid_value', 'text.format.type', { text: { format: { type: 'xml' } } }],
    [
      'schema_unsupported',
      'text.format.schema.items',
      { text: { format: { type: 'json_schema', schema: { items: { not: {} } } } } },
    ],
    ['invalid_value', 'input[0]', { input: ['abc'] }],
    ['invalid_value', 'input[1].role', { input: [ASKED, { role: 'king', content: 'a' }] }],
    ['invalid_value', 'input[1].type', { input: [ASKED, { type: 'item_reference', id: 'a' }] }],
    ['invalid_value', 'input[0].call_id', { input: [{ type: 'function_call', name: 'a' }] }],
    [
      'invalid_value',
      'input[1]',
      { input: [ASKED, { type: 'function_call_output', call_id: 'never', output: 'a' }] },
    ],
    ['context_length_exceeded', 'input', { input: 'ab'.repeat(3000) }],
  ])('is told %s of %s', async (code, param, fields) => {
    const server = await toyServer();
    const told = await refusal(post(server, '/v1/responses', { input: 'abcabd', ...fields }));
    expect(told).toMatchObject({ status: 400, type: 'invalid_request_error', code, param });
  });
});

describe('a body', () => {
  it.each([
    ['no JSON', '{"messages": [', 'not valid JSON'],
    ['no object', '[]', 'must be a JSON object'],
    ['nested deeply', '['.repeat(100_000), 'nests deeper'],
    ['nested deeply in a field', `{"messages": ${'[{"a":'.repeat(50_000)}`, 'nests deeper'],
    ['no UTF-8', '', 'not UTF-8'],
  ])('of %s is refused', async (name, text, words) => {
    const server = await toyServer();
    const body = name === 'no UTF-8' ? Uint8Array.of(0x22, 0xff, 0x22) : text;
    const asked = fetch(`${server.url}/v1/chat/completions`, { method: 'POST', body });
    const told = await refusal(asked);
    expect(told).toMatchObject({ status: 400, code: 'invalid_json' });
    expect(told.message).toContain(words);
  });

  it('of brackets in a text is none that nests', async () => {
    const server = await toyServer();
    const content = '["{'.repeat(500);
    expect(
      (await chat(server, { messages: [{ role: 'user', content: `a${content}` }] })).status,
    ).toBe(200);
  });

  it('is read no further than its limit, whether it says its length or not', async () => {
    const server = await toyServer({ bodyBytes: 2000 });
    const long = JSON.stringify({ ...CHAT, user: 'u'.repeat(3000) });
    expect(await refusal(chat(server, long))).toMatchObject({
      status: 413,
      code: 'body_too_large',
    });
    const stream = new Blob([long]).stream();
    const unsaid = chat(server, '', { body: stream, duplex: 'half' } as RequestInit);
    expect(await refusal(unsaid)).toMatchObject({ status: 413 });
  });

  it('that is shorter than it says ends with its connection, and disturbs nobody', async () => {
    const server = await toyServer();
    const { port } = new URL(server.url);
    const liar = connect(Number(port), '127.0.0.1');
    liar.write('POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n{"a":');
    await new Promise((resolve) => setTimeout(resolve, 50));
    liar.destroy();
    expect(await textOf(chat(server, CHAT))).not.toBe('');
  });

  it('of anything gets an answer in words, and never a 500', async () => {
    const server = await toyServer();
    await fc.assert(
      fc.asyncProperty(randomRequest, async ({ path, body }) => {
        const response = await post(server, path, body);
        const told = await response.text(); // what a stream says last is read too
        expect([response.status < 500, told.includes('internal_error')]).toEqual([true, false]);
        if (response.status >= 400) expect(JSON.parse(told)).toHaveProperty('error.code');
      }),
      { numRuns: Number(process.env.MSD_FUZZ ?? 300) },
    );
  });
});

describe('who may ask', () => {
  it('is whoever has a key, where there are keys', async () => {
    const server = await toyServer({ keys: ['one', 'two'] });
    const ask = (headers: Record<string, string>) => chat(server, CHAT, { headers });
    expect((await ask({ authorization: 'Bearer two' })).status).toBe(200);
    expect(await refusal(ask({}))).toMatchObject({ status: 401, code: 'invalid_api_key' });
    expect((await ask({ authorization: 'Bearer on' })).status).toBe(401);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    expect((await fetch(`${server.url}/metrics`)).status).toBe(401);
  });

  it('is no page of another origin, unless it is named', async () => {
    const origin = 'https://page.example';
    const closed = await toyServer();
    const plain = await fetch(`${closed.url}/health`, { headers: { origin } });
    expect(plain.headers.get('access-control-allow-origin')).toBeNull();
    const open = await toyServer({ corsOrigins: [origin], keys: ['one'] });
    const named = await fetch(`${open.url}/v1/models`, { headers: { origin } });
    expect(named.headers.get('access-control-allow-origin')).toBe(origin);
    const other = await fetch(`${open.url}/health`, { headers: { origin: 'https://b.example' } });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    const asked = await fetch(`${open.url}/v1/chat/completions`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(asked.status, 'a browser asks first, without its key').toBe(204);
  });
});

describe('an address', () => {
  it('that is not there is told so, and one that takes another way too', async () => {
    const server = await toyServer();
    expect(await refusal(fetch(`${server.url}/v2`))).toMatchObject({ status: 404 });
    const got = fetch(`${server.url}/v1/chat/completions`);
    expect(await refusal(got)).toMatchObject({ status: 405, code: 'method_not_allowed' });
    const embeddings = post(server, '/v1/embeddings', {});
    expect(await refusal(embeddings)).toMatchObject({ status: 400, code: 'unsupported_endpoint' });
  });

  it('gives each request an id, its own where it has one', async () => {
    const server = await toyServer();
    const own = await fetch(`${server.url}/health`, { headers: { 'x-request-id': 'mine-1' } });
    expect(own.headers.get('x-request-id')).toBe('mine-1');
    const bad = await fetch(`${server.url}/v3`, { headers: { 'x-request-id': 'a b' } });
    expect(bad.headers.get('x-request-id')).toMatch(/^[0-9a-f]{24}$/);
  });
});
