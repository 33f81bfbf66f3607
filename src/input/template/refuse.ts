import { UnsupportedTemplateError } from '../../contracts/errors.ts';

/** Ends the rendering at a construct that is not known to come out as in jinja2. */
export function refuse(construct: string): never {
  throw new UnsupportedTemplateError(construct);
}
