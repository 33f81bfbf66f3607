import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { createApp } from '../http/app.ts';
import type { ServerParts } from '../server-parts.ts';
import { toyServer } from '../testing/toy-server.ts';
import { describeApi } from './describe-api.ts';

interface Described {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, { properties?: object }>> };
}
interface DescribedOperation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

const described = describeApi() as Described;
const operations = Object.entries(described.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);
/** What would send such a body, by its schema. */
const bodies = (name: string) => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  return ajv.compile(described.components.schemas[name] ?? false);
};
const ASKED = { messages: [{ role: 'user', content: 'a' }] };

describe('the description of the API', () => {
  it('is served, and asks for no key', async () => {
    const { url } = await toyServer({ keys: ['secret'] });
    const answer = await fetch(`${url}/openapi.json`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(described)));
  });

  it('has every address that is answered, and no other', () => {
    const settings = { corsOrigins: [] };
    const app = createApp({ settings, page: new Map() } as unknown as ServerParts);
    const answered = app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{.*?\})?/, '{$1}')}`);
    const told = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(told.sort()).toEqual([...new Set(answered)].sort());
  });

  it('is OpenAPI 3.1: names, parameters, answers and references are as that has them', () => {
    expect(described.openapi).toBe('3.1.0');
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect((operation.parameters ?? []).map(({ name }) => name)).toEqual(names);
      expect(Object.keys(operation.responses)).toContain('default');
      for (const { description } of Object.values(operation.responses)) {
        expect(description).toMatch(/\S/);
      }
    }
    const refs = [
      ...JSON.stringify(described).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g),
    ];
    expect(refs.length).toBeGreaterThan(5);
    for (const [, name = ''] of refs) expect(described.components.schemas).toHaveProperty([name]);
  });

  it('has schemas that JSON Schema 2020-12 knows', () => {
    const ajv = new Ajv2020();
    for (const schema of Object.values(described.components.schemas)) {
      expect(ajv.validateSchema(schema), JSON.stringify(ajv.errors)).toBe(true);
    }
  });

  it.each([
    ['ChatRequest', { ...ASKED, stop: 'a', msd: { tree: 3, forget: 'all' }, read_text: true }],
    ['ChatRequest', { ...ASKED, logit_bias: { 5: 3 }, tools: [] }],
    ['CompletionRequest', { prompt: [[1, 2], [3]], n: 2 }],
    ['ResponseRequest', { input: 'a' }],
    ['ResponseRequest', { input: [{ role: 'user', content: 'a' }] }],
    ['TokenizeRequest', { messages: ASKED.messages }],
    ['DetokenizeRequest', { tokens: [1] }],
  ])('takes a %s as %j', (name, body) => {
    const takes = bodies(name);
    expect(takes(body), JSON.stringify(takes.errors)).toBe(true);
  });

  it.each([
    ['ChatRequest', {}],
    ['ChatRequest', { messages: [] }],
    ['ChatRequest', { messages: [{ role: 'nobody', content: 'a' }] }],
    ['ChatRequest', { ...ASKED, temprature: 1 }],
    ['ChatRequest', { ...ASKED, temperature: 3 }],
    ['ChatRequest', { ...ASKED, msd: { forget: 'some' } }],
    ['CompletionRequest', { prompt: 'a', read_text: true }],
    ['DetokenizeRequest', { tokens: ['a'] }],
  ])('refuses a %s as %j, as the server does', async (name, body) => {
    expect(bodies(name)(body)).toBe(false);
    const path = operations.find(
      ({ operation }) => JSON.stringify(operation).includes(`/${name}"`) === true,
    )?.path;
    const { url } = await toyServer();
    const answer = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
    expect(answer.status).toBe(400);
  });
});
