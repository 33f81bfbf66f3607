/** `1 token`, `2 tokens`, `2 passes` where `many` says so: a sentence with a number in it reads as one. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
