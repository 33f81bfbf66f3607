import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A chat template with a place for tools, whose calls are written as Hermes writes them. */
const HERMES = `{% if tools %}Tools:{% for tool in tools %} {{ tool | tojson }}{% endfor %}
<tool_call> {% endif %}{% for m in messages %}{% if m.role == 'tool' %}TOOL: {{ m.content }}{% else %}{{ m.role | upper }}: {% if m.tool_calls %}{% for c in m.tool_calls %}<tool_call>
{{ c.function | tojson }}
</tool_call>{% endfor %}{% elif m.content is string %}{{ m.content }}{% else %}{% for p in m.content %}{% if p.type == 'text' %}{{ p.text }}{% else %}<image>{% endif %}{% endfor %}{% endif %}{% endif %}
{% endfor %}ASSISTANT:`;

/** Writes the embedded target with that template into a new folder, which is the caller's to remove. */
export function hermesTiny(): string {
  const folder = mkdtempSync(join(tmpdir(), 'msd-tools-'));
  cpSync('models/tiny/target', folder, { recursive: true });
  const config = JSON.parse(readFileSync(join(folder, 'tokenizer_config.json'), 'utf8')) as object;
  const { chat_template: _, ...rest } = config as { chat_template?: unknown };
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(rest));
  writeFileSync(join(folder, 'chat_template.jinja'), HERMES);
  return folder;
}
