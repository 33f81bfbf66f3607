import { describe, expect, it } from 'vitest';
import { type Form, roleForms } from './role-forms.ts';
import { compileTemplate } from './template/compile.ts';
import { fromData } from './template/from-data.ts';

const formsOf = (body: string) => {
  const template = compileTemplate(`{% for m in messages %}${body}{% endfor %}`, {
    now: () => new Date(0),
  });
  return roleForms((messages) => template(new Map([['messages', fromData(messages)]])));
};
const all = (form: Form) => ({ system: form, user: form, assistant: form });

describe('roleForms', () => {
  it.each<[Form, string]>([
    ['text', '{{ m.content }}'],
    ['text', "{{ '' + m.content }}"],
    ['text', '{{ m.content | tojson }}'],
    ['text', '{"text": {{ m.content | tojson }}}{{ m.content | upper }}'],
    ['parts', '{% for p in m.content %}{{ p.text }}{% endfor %}'],
    ['parts', '{{ m.content[0].text | tojson }}'],
    ['either', '{{ m.content if m.content is string else m.content[0].text }}'],
    ['either', '{{ m.role }}'],
  ])('is "%s" for %s', (form, body) => {
    expect(formsOf(body)).toEqual(all(form));
  });

  it('is found for each role', () => {
    const body =
      "{% if m.role == 'system' %}{{ m.content | trim }}{% else %}{{ m.content[0]['text'] }}{% endif %}";
    expect(formsOf(body)).toEqual({ system: 'text', user: 'parts', assistant: 'parts' });
  });

  it('is the user’s for a role that the template does not show', () => {
    const body = "{% if m.role == 'user' %}{{ m.content[0].text }}{% endif %}";
    expect(formsOf(body)).toEqual(all('parts'));
  });
});
