/** The price, or `undefined` if the shop does not answer. */
export async function loadPrice(
  id: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const response = await fetch(`https://shop.example/${id}`, { signal });
    return await response.text();
  } catch (error) {
    console.warn("no price", id, error);
    return undefined;
  }
}
