/**
 * In which form a chat template reads the content of each role: some take lists of parts, some texts, some both. Found
 * out by rendering a text that survives upper-casing, and that any way of printing a list would escape.
 */
import type { Role as AnyRole } from '../contracts/messages.ts';

/** What a tool tells is always a text. */
type Role = Exclude<AnyRole, 'tool'>;

export type Form = 'parts' | 'text' | 'either';

interface Message {
  readonly role: Role;
  readonly content: string | readonly { readonly type: 'text'; readonly text: string }[];
}

const PROBE = '7351"\n2846';
/** As `tojson` writes it; behind its key it is a printed part. */
const AS_JSON = /(?<!"text":\s*")7351\\"\\n2846/;

/** `render` throws for messages that the template refuses. */
export function roleForms(
  render: (messages: readonly Message[]) => string,
): Readonly<Record<Role, Form>> {
  const shows = (role: Role, form: Form, userForm: Form): boolean => {
    const probe = message(role, PROBE, form);
    const user = message('user', '1', userForm);
    const chat = { system: [probe, user], user: [probe], assistant: [user, probe, user] }[role];
    try {
      const text = render(chat);
      return text.includes(PROBE) || AS_JSON.test(text);
    } catch {
      return false;
    }
  };
  const formOf = (role: Role, userForm: Form): Form | undefined => {
    const [parts, text] = [shows(role, 'parts', userForm), shows(role, 'text', userForm)];
    if (parts && text) return 'either';
    return parts ? 'parts' : text ? 'text' : undefined;
  };
  const user = formOf('user', 'parts') ?? 'either';
  const system = formOf('system', user) ?? user;
  return { user, system, assistant: formOf('assistant', user) ?? user };
}

function message(role: Role, text: string, form: Form): Message {
  return { role, content: form === 'text' ? text : [{ type: 'text', text }] };
}
