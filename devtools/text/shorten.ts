/** A text of at most `most` characters; a longer one says how long it is. */
export function shorten(text: string, most: number): string {
  return text.length <= most
    ? text
    : `${text.slice(0, most)}… (${text.length} characters)`;
}
