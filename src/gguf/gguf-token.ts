/** llama.cpp's numbers of what a token is. */
export const TOKEN_TYPE = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 };

export interface GgufToken {
  readonly id: number;
  readonly text: string;
  readonly type: number;
}
