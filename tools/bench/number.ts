/** With commas between thousands. */
export function number(value: number): string {
  return value.toLocaleString("en-US");
}
