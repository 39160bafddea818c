async function saveVisit(page: string): Promise<void> {
  await fetch("https://shop.example/visits", { method: "POST", body: page });
}

/** Renders the page and counts the visit. */
export function render(page: string): string {
  saveVisit(page);
  return `<h1>${page}</h1>`;
}
