async function saveVisit(page: string): Promise<void> {
  await fetch("https://shop.example/visits", { method: "POST", body: page });
}

/** Renders the page and counts the visit. */
export async function render(page: string): Promise<string> {
  await saveVisit(page);
  return `<h1>${page}</h1>`;
}
