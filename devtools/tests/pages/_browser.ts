import axe from "axe-core";
import type { Page } from "playwright-core";
import { launchBrowser } from "../../../tools/launch_browser.ts";

/** How a page is opened. */
export interface PageOptions {
  colorScheme?: "light" | "dark";
  viewport?: { width: number; height: number };
  /** The beginnings of addresses that the page may ask for. */
  allow?: readonly string[];
}

/** What axe-core finds wrong in a page that is serious or worse. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run()
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) =>
      `${id}: ${nodes.map(({ html }) => html).join(" ")}`
    );
}

/**
 * Gives a new page to `body`. Fails if the page throws, logs an error, or asks
 * for anything that isn't allowed.
 */
export async function withPage(
  body: (page: Page) => Promise<void>,
  { colorScheme, viewport, allow = [] }: PageOptions = {},
): Promise<void> {
  const browser = await launchBrowser();
  const wrong: string[] = [];
  try {
    const page = await browser.newPage({
      ...(colorScheme === undefined ? {} : { colorScheme }),
      ...(viewport === undefined ? {} : { viewport }),
    });
    page.on("pageerror", (error) => wrong.push(`threw ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") wrong.push(`logged ${message.text()}`);
    });
    page.on("request", (request) => {
      const url = request.url();
      if (!allow.some((start) => url.startsWith(start))) {
        wrong.push(`asked for ${url}`);
      }
    });
    await body(page);
  } finally {
    await browser.close();
  }
  if (wrong.length > 0) throw new Error(`The page ${wrong.join(", and ")}`);
}
