/** Keeps edits away that would add a type error to their project. */
import { dirname, resolve } from "node:path";
import type { FindTypeError } from "../try_edits.ts";
import { loadTypeScript } from "./load_typescript.ts";
import {
  belongsToDeno,
  chooseTsconfig,
  findTsconfig,
  readTsconfig,
  type Tsconfig,
  TsconfigError,
} from "./tsconfig.ts";
import { type Overlay, TypedProject } from "./typed_project.ts";

/** Whether types are checked, and by which `tsconfig.json`. */
export type TypesOption = "auto" | "off" | { readonly tsconfig: string };

/** Says that types can't be checked although that was asked for. */
export class TypeGuardError extends Error {
  /** `"TypeGuardError"`. */
  override readonly name = "TypeGuardError";
}

/** A file's types: who asks about them, or why nobody does. */
export type Watch =
  | {
    readonly status: "on";
    readonly findTypeError: FindTypeError;
    /** Tells the text that the file has from now on. */
    settle(text: string): void;
  }
  | { readonly status: "off"; readonly why?: string };

const OFF: Watch = { status: "off" };

/** More of them at once would only cost memory: files come in order. */
const MOST_PROJECTS = 2;

/** The types of all files of one run. */
export class TypeGuard {
  readonly #option: TypesOption;
  readonly #cwd: string;
  /** What the edits need to be installed, if anything. */
  readonly #needs: string | undefined;
  readonly #overlay: Overlay = new Map();
  /** By path of their config; the one that was used last comes last. */
  readonly #projects = new Map<string, TypedProject>();
  /** What was read, by path. */
  readonly #configs = new Map<string, Tsconfig>();
  /** Why a config can't be used, by path. */
  readonly #refused = new Map<string, string>();

  /** @throws {TypeGuardError} if the given config can't be used */
  constructor(
    option: TypesOption,
    { cwd, needs }: { readonly cwd: string; readonly needs?: string },
  ) {
    this.#option = option;
    this.#cwd = cwd;
    this.#needs = needs;
    if (typeof option === "object") {
      const path = resolve(cwd, option.tsconfig);
      try {
        this.#watchIn(path, path);
      } catch (error) {
        if (!(error instanceof TsconfigError)) throw error;
        throw new TypeGuardError(`Cannot check types: ${error.message}`);
      }
    }
  }

  /** Who knows the types of the file, by its absolute path. */
  watch(file: string): Watch {
    const option = this.#option;
    if (option === "off" || !/\.[cm]?[jt]sx?$/.test(file)) return OFF;
    const isTyped = /\.[cm]?tsx?$/.test(file);
    const given = option === "auto"
      ? findTsconfig(file)
      : resolve(this.#cwd, option.tsconfig);
    if (given === undefined) {
      if (!isTyped) return OFF;
      const why = belongsToDeno(file)
        ? "it belongs to Deno: run deno check afterwards"
        : "there is no tsconfig.json";
      return { status: "off", why };
    }
    let why = this.#refused.get(given);
    if (why === undefined) {
      try {
        return this.#watchIn(given, file);
      } catch (error) {
        if (!(error instanceof TsconfigError)) throw error;
        why = error.message;
        this.#refused.set(given, why);
      }
    }
    return isTyped ? { status: "off", why } : OFF;
  }

  dispose(): void {
    for (const project of this.#projects.values()) project.dispose();
    this.#projects.clear();
  }

  #watchIn(given: string, file: string): Watch {
    const loaded = loadTypeScript(dirname(given));
    if (loaded.status === "absent") throw new TsconfigError(loaded.why);
    const { api } = loaded;
    const read = (path: string): Tsconfig => {
      const config = this.#configs.get(path) ?? readTsconfig(api, path);
      this.#configs.set(path, config);
      return config;
    };
    const config = chooseTsconfig(api, read(given), { file, read });
    const project = this.#projects.get(config.path) ??
      new TypedProject(api, config, this.#overlay);
    this.#projects.delete(config.path);
    this.#projects.set(config.path, project);
    this.#forgetOldest();
    if (this.#needs && !project.canImport(this.#needs, file)) {
      return { status: "off", why: `${this.#needs} isn't installed` };
    }
    return {
      status: "on",
      findTypeError: project.watch(file),
      settle: (text) => project.setText(file, text),
    };
  }

  #forgetOldest(): void {
    for (const [path, project] of this.#projects) {
      if (this.#projects.size <= MOST_PROJECTS) return;
      project.dispose();
      this.#projects.delete(path);
    }
  }
}
