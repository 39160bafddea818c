/** The colours that are used, as the numbers of the terminal. */
const COLOURS = { green: 32, red: 31, yellow: 33, cyan: 36, dim: 2 } as const;

/** A colour by its name. */
export type Colour = keyof typeof COLOURS;

/** Colours a text, or leaves it. */
export type Paint = (colour: Colour, text: string) => string;

/** What colours texts, or doesn't. */
export function painter(colour: boolean): Paint {
  return colour
    ? (name, text) => text && `\u001b[${COLOURS[name]}m${text}\u001b[0m`
    : (_name, text) => text;
}

/** How each state is told from the others, by more than a colour. */
export const SIGNS = {
  running: { sign: " ", colour: "cyan" },
  completed: { sign: "✓", colour: "green" },
  failed: { sign: "✗", colour: "red" },
  cancelled: { sign: "■", colour: "yellow" },
} as const;
