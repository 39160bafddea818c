/** What happens to files: which are taken, and how they are written. */
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { chmod, lstat, mkdir, readdir, stat } from "node:fs/promises";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "../../tests/_harness.ts";
import { ChangedFileError, codemod, NoFilesError } from "../codemod.ts";
import { RIGHT, withProject, WRONG } from "./_project.ts";

test("codemod() writes nothing unless it is told to", async () => {
  await withProject(async ({ folder, write, read }) => {
    await write("main.ts", WRONG);
    const { files } = await codemod({ cwd: folder });
    assertEquals(await read("main.ts"), WRONG);
    const [file] = files;
    assertEquals(file?.status === "done" && file.after, RIGHT);
    assertEquals(file?.status === "done" && file.written, false);
  });
});

test("codemod() keeps byte order mark, ends of lines and mode", async () => {
  await withProject(async ({ folder, write, read }) => {
    const windows = (text: string) => "\uFEFF" + text.replaceAll("\n", "\r\n");
    await write("main.ts", windows(WRONG));
    await chmod(join(folder, "main.ts"), 0o751);
    await codemod({ cwd: folder, mode: "write" });
    assertEquals(await read("main.ts"), windows(RIGHT));
    assertEquals((await stat(join(folder, "main.ts"))).mode & 0o777, 0o751);
  });
});

test("codemod() writes through a link, once, and the link stays", async () => {
  await withProject(async ({ folder, write, read }) => {
    await write("main.ts", WRONG);
    await symlink("main.ts", join(folder, "alias.ts"));
    const { files } = await codemod({
      cwd: folder,
      mode: "write",
      paths: ["alias.ts", "main.ts"],
    });
    assertEquals(files.length, 1);
    assertEquals(await read("main.ts"), RIGHT);
    const entry = await lstat(join(folder, "alias.ts"));
    assertEquals(entry.isSymbolicLink(), true);
  });
});

test("codemod() leaves nothing but the sources in their folder", async () => {
  await withProject(async ({ folder, write }) => {
    await write("main.ts", WRONG);
    await codemod({ cwd: folder, mode: "write" });
    assertEquals(await readdir(folder), ["main.ts"]);
  });
});

test("codemod() removes what a killed run left behind, and tells it", async () => {
  await withProject(async ({ folder, write }) => {
    await write("main.ts", WRONG);
    // No process has this number: it is above every system's limit.
    const name = ".main.ts.99999999.0123abcd.mdc-codemod";
    await write(name, "half");
    const { leftovers } = await codemod({ cwd: folder, mode: "write" });
    assertEquals(leftovers, [name]);
    assertEquals(await readdir(folder), ["main.ts"]);
  });
});

test("codemod() does not write a file that was changed meanwhile", async () => {
  await withProject(async ({ folder, write, read }) => {
    await write("main.ts", WRONG);
    const { files } = await codemod({
      cwd: folder,
      mode: "write",
      decide: async () => {
        await write("main.ts", "// somebody else's\n");
        return "accept";
      },
    });
    const [file] = files;
    assertEquals(file?.status, "failed");
    if (file?.status === "failed") {
      assertEquals(file.error instanceof ChangedFileError, true);
    }
    assertEquals(await read("main.ts"), "// somebody else's\n");
    assertEquals(await readdir(folder), ["main.ts"]);
  });
});

test("codemod() leaves a file that isn't UTF-8 alone, and says so", async () => {
  await withProject(async ({ folder, write }) => {
    await write("latin.js", new Uint8Array([0x22, 0xe9, 0x22, 0x0a]));
    const { files } = await codemod({ cwd: folder, mode: "write" });
    assertEquals(files.map(({ status }) => status), ["failed"]);
  });
});

test("codemod() leaves a file that doesn't parse alone, and does the others", async () => {
  await withProject(async ({ folder, write, read }) => {
    await write("a.ts", "export const = 1;\n");
    await write("b.ts", WRONG);
    const { files } = await codemod({ cwd: folder, mode: "write" });
    assertEquals(files.map(({ status }) => status), ["unparsable", "done"]);
    assertEquals(await read("a.ts"), "export const = 1;\n");
    assertEquals(await read("b.ts"), RIGHT);
  });
});

test("codemod() takes sources of every kind, and no ignored ones", async () => {
  await withProject(async ({ folder, write }) => {
    const names = ["a.js", "b.mjs", "c.cjs", "d.ts", "e.mts", "f.cts"];
    for (const name of [...names, "g.tsx", "h.jsx", "i.md", "j.ts"]) {
      await write(name, "");
    }
    await write(".gitignore", "j.ts\n");
    await mkdir(join(folder, "node_modules"));
    await write("node_modules/k.ts", "");
    const { files } = await codemod({ cwd: folder });
    assertEquals(files.map(({ path }) => path), [...names, "g.tsx", "h.jsx"]);
  });
});

test("codemod() takes files, folders and globs", async () => {
  await withProject(async ({ folder, write }) => {
    await mkdir(join(folder, "src"));
    for (const name of ["a.ts", "b.ts", "src/c.ts", "src/d.js"]) {
      await write(name, "");
    }
    const paths = async (...patterns: string[]) =>
      (await codemod({ cwd: folder, paths: patterns })).files
        .map(({ path }) => path);
    assertEquals(await paths("b.ts"), ["b.ts"]);
    assertEquals(await paths("src"), ["src/c.ts", "src/d.js"]);
    assertEquals(await paths("**/*.ts", "a.ts"), ["a.ts", "b.ts", "src/c.ts"]);
  });
});

test("codemod() rejects a path that leads to no file", async () => {
  await withProject(async ({ folder }) => {
    const error = await assertRejects(
      () => codemod({ cwd: folder, paths: ["nothing/*.ts"] }),
      NoFilesError,
    );
    assertMatch(error.message, /received "nothing\/\*\.ts"/);
  });
});

test("codemod() leaves out the rules that an ESLint config turns off", async () => {
  await withProject(async ({ folder, write }) => {
    await write("main.js", WRONG.replaceAll(": Promise<void>", ""));
    const found = async (severity: string) => {
      const config = `${severity}.config.mjs`;
      await write(
        config,
        `const rules = { "no-untracked-promise": { create: () => ({}) } };
export default [{
  plugins: { mdc: { rules } },
  rules: { "mdc/no-untracked-promise": "${severity}" },
}];
`,
      );
      const options = { cwd: folder, config, paths: ["main.js"] };
      const { files } = await codemod(options);
      return files.map((file) => file.status === "done" && file.found.length);
    };
    assertEquals(await found("error"), [1]);
    assertEquals(await found("off"), [0]);
  });
});
