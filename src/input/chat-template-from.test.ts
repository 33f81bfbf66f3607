import { describe, expect, it } from 'vitest';
import { ChatTemplateError } from '../contracts/errors.ts';
import { chatTemplateFrom } from './chat-template-from.ts';

describe('chatTemplateFrom', () => {
  const tokenizerConfig = { chat_template: 'config', bos_token: '<s>' };
  const chatTemplateJson = { chat_template: 'json' };

  it('takes the .jinja file before the .json file before the tokenizer’s', () => {
    const chatTemplateJinja = 'jinja';
    expect(chatTemplateFrom({ chatTemplateJinja, chatTemplateJson, tokenizerConfig })).toBe(
      'jinja',
    );
    expect(chatTemplateFrom({ chatTemplateJson, tokenizerConfig })).toBe('json');
    expect(chatTemplateFrom({ chatTemplateJson: {}, tokenizerConfig })).toBe('config');
  });

  it('takes "default" of several', () => {
    const list = [
      { name: 'tool_use', template: 'tools' },
      { name: 'default', template: 'plain' },
    ];
    expect(chatTemplateFrom({ tokenizerConfig: { chat_template: list } })).toBe('plain');
    const record = { default: 'plain', rag: 'other' };
    expect(chatTemplateFrom({ chatTemplateJson: { chat_template: record } })).toBe('plain');
  });

  it.each<[string, Parameters<typeof chatTemplateFrom>[0], string]>([
    ['there is none', { tokenizerConfig: { bos_token: '<s>' } }, 'no chat template'],
    ['it is no text', { chatTemplateJson: { chat_template: 3 } }, 'chat_template.json'],
    ['the file is no object', { chatTemplateJson: [] }, 'chat_template.json'],
    [
      'none is "default"',
      { tokenizerConfig: { chat_template: [{ name: 'rag', template: '' }] } },
      '"default"',
    ],
  ])('fails clearly when %s', (_, files, sentence) => {
    expect(() => chatTemplateFrom(files)).toThrow(ChatTemplateError);
    expect(() => chatTemplateFrom(files)).toThrow(sentence);
  });
});
