/** A time as people read it. */
export function formatTime(ms: number): string {
  if (ms === Infinity) return "no limit";
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** How many names a line gives. */
const MOST_NAMES = 5;

/** Names for a line: the first few, and how many there are beyond. */
export function formatNames(
  tasks: readonly { readonly name: string }[],
): string {
  const names = tasks.slice(0, MOST_NAMES).map(({ name }) => `"${name}"`);
  const more = tasks.length - names.length;
  return more > 0 ? `${names.join(", ")} and ${more} more` : names.join(", ");
}
