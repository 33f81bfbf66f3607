import { packageVersion } from '../../files/package-version.ts';
import { bodySchemas } from './body-schemas.ts';
import { OPERATIONS, type Operation } from './operations.ts';

/** All that a server takes, as OpenAPI 3.1: bodies by the schemas that it checks them with. The page's files are left out. */
export function describeApi(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const one of OPERATIONS) {
    paths[one.path] = { ...paths[one.path], [one.method]: operationObject(one) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'msd-ts',
      version: packageVersion(),
      description: "OpenAI's API over a model that is decoded speculatively.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }, {}],
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'Where the server has keys.' },
      },
      schemas: { ...bodySchemas(), Error: ERROR },
    },
  };
}

/** As `errorBody` has it. */
const ERROR = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: {
        message: { type: 'string' },
        type: { type: 'string' },
        param: { type: ['string', 'null'] },
        code: { type: 'string' },
      },
      required: ['message', 'type', 'param', 'code'],
    },
  },
  required: ['error'],
};

const refTo = (name: string) => ({ $ref: `#/components/schemas/${name}` });

function operationObject({ id, summary, body, open, path, ...one }: Operation): object {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  return {
    operationId: id,
    summary,
    ...(open && { security: [] }),
    ...(names.length > 0 && {
      parameters: names.map((name) => ({
        ...{ name, in: 'path', required: true, schema: { type: 'string' } },
      })),
    }),
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: refTo(body) } } },
    }),
    responses: {
      ...(one.answer !== undefined && {
        200: { description: one.answer, content: contentOf(one) },
      }),
      ...Object.fromEntries(
        (one.refusals ?? []).map((status) => [status, refusal(REFUSALS[status])]),
      ),
      default: refusal("A refusal in OpenAI's form."),
    },
  };
}

const REFUSALS = {
  413: 'The body is too large.',
  429: 'Too many wait; Retry-After says when to ask again.',
  503: 'The model is loaded, the server ends, or no place was found in time; with Retry-After.',
  504: 'The answer was not done in time.',
} as const;

const refusal = (description: string) => ({
  ...{ description, content: { 'application/json': { schema: refTo('Error') } } },
});

function contentOf({ type, streams }: Pick<Operation, 'type' | 'streams'>): object {
  if (type !== undefined) return { [type]: { schema: { type: 'string' } } };
  return {
    'application/json': { schema: { type: 'object' } },
    ...(streams && { 'text/event-stream': { schema: { type: 'string' } } }),
  };
}
