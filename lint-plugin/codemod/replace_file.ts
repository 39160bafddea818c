import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import {
  chmod,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import process from "node:process";

/** `.name.<process id>.<random>.mdc-codemod`, beside the file it replaces. */
const TEMPORARY = /^\..+\.(\d+)\.[0-9a-f]{8}\.mdc-codemod$/;

/** Says that a file is no longer what the edits were made for. */
export class ChangedFileError extends Error {
  /** `"ChangedFileError"`. */
  override readonly name = "ChangedFileError";
}

/**
 * Replaces a file in one step: whoever reads it, and whatever kills this
 * process, finds the old bytes or the new ones. Its mode stays.
 *
 * @throws {ChangedFileError} if the file doesn't have the old bytes any more
 */
export async function replaceFile(
  path: string,
  { from, to }: { readonly from: Uint8Array; readonly to: Uint8Array },
): Promise<void> {
  const { mode } = await stat(path);
  const id = randomUUID().slice(0, 8);
  const temporary = join(
    dirname(path),
    `.${basename(path)}.${process.pid}.${id}.mdc-codemod`,
  );
  try {
    const handle = await open(temporary, "wx", mode);
    try {
      await handle.writeFile(to);
      // Without it a power failure could leave the new name without content.
      await handle.sync();
    } finally {
      await handle.close();
    }
    // What `open` is given is cut by the process's mask.
    await chmod(temporary, mode & 0o7777);
    const now = await readFile(path);
    if (Buffer.compare(now, from) !== 0) {
      throw new ChangedFileError(
        `Cannot write ${path}: it was changed while its edits were made`,
      );
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Removes what a killed process has left in a folder; returns its names. */
export async function removeLeftovers(folder: string): Promise<string[]> {
  const leftovers = (await readdir(folder)).filter((name) => {
    const [, id] = TEMPORARY.exec(name) ?? [];
    return id !== undefined && !isAlive(Number(id));
  });
  for (const name of leftovers) await rm(join(folder, name), { force: true });
  return leftovers;
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return (error as { code?: string }).code === "EPERM";
  }
}
