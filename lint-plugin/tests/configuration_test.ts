import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { Linter } from "eslint";
import plugin from "../mod.ts";

const linter = new Linter();

function lint(rule: string, options: unknown): void {
  linter.verify("", [{
    plugins: { mdc: plugin },
    rules: { [`mdc/${rule}`]: ["error", options] },
  }] as unknown as Linter.Config[]);
}

for (const [rule, { meta }] of Object.entries(plugin.rules)) {
  Deno.test(`${rule} refuses an option that it doesn't know, by name`, () => {
    const error = assertThrows(
      () => lint(rule, { unheardOf: true }),
      Error,
    );
    assertStringIncludes(error.message, `mdc/${rule}`);
    // A rule without options refuses the whole object.
    assertStringIncludes(
      error.message,
      meta.schema.length > 0 ? "unheardOf" : "should NOT have more than 0",
    );
  });

  const properties = Object.keys(
    (meta.schema[0]?.properties ?? {}) as Record<string, unknown>,
  );
  for (const option of properties) {
    Deno.test(`${rule} refuses a value of the wrong type for ${option}`, () => {
      const error = assertThrows(
        () => lint(rule, { [option]: 1 }),
        Error,
      );
      assertStringIncludes(error.message, `"${option}":1`);
    });

    Deno.test(`${rule} has a default for ${option}`, () => {
      const [defaults] = meta.defaultOptions;
      assertEquals(defaults !== undefined && option in defaults, true);
    });
  }
}
