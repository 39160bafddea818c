import { type Browser, chromium, type Page } from "playwright-core";
import { findBrowser } from "../../../tools/find_program.ts";

/** How a page is opened. */
export interface PageOptions {
  colorScheme?: "light" | "dark";
  viewport?: { width: number; height: number };
  /** The beginnings of addresses that the page may ask for. */
  allow?: readonly string[];
}

async function launch(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error("Cannot find a Chromium");
  return await chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * Gives a new page to `body`. Fails if the page throws, logs an error, or asks
 * for anything that isn't allowed.
 */
export async function withPage(
  body: (page: Page) => Promise<void>,
  { colorScheme, viewport, allow = [] }: PageOptions = {},
): Promise<void> {
  const browser = await launch();
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
