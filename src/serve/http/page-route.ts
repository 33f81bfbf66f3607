import type { Context } from 'hono';
import type { PageFile } from './page-files.ts';
import type { ServerEnv } from './server-env.ts';

/** The page may load what comes from here alone, and pictures that it holds itself; no text becomes markup or a script. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** `GET` of a file of the page. */
export const pageRoute = (page: ReadonlyMap<string, PageFile>) => (c: Context<ServerEnv>) => {
  const file = page.get(c.req.path) as PageFile;
  const headers = {
    'content-type': file.type,
    etag: file.etag,
    'cache-control': file.lasting ? 'public, max-age=31536000, immutable' : 'no-cache',
    'content-security-policy': POLICY,
    'referrer-policy': 'no-referrer',
  };
  if (c.req.header('if-none-match') === file.etag) return c.body(null, 304, headers);
  return c.body(file.bytes, 200, headers);
};
