/** The answer, if it comes within the time. */
export async function within<T>(answer: Promise<T>, ms: number): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error("too late")), ms);
  });
  return await Promise.race([answer, late]);
}
