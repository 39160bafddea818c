import { listRecipes } from "./select_recipes.ts";

/** What `--help` prints. */
export function getHelp(): string {
  return HELP.replace("{recipes}", listRecipes().trimEnd());
}

const HELP = `mdc-codemod [options] [paths and globs]

Rewrites code to the practices of @mdc/tasks: makes the edits of the lint rules
that are safe, until none is left, and lists what has to be read. Without --write
it only shows them.

What:
  paths                       files, folders, globs; default: this folder.
                              .gitignore, node_modules and dist are respected
  --ignore <glob>             leave out, at any depth; repeatable
  --include-tests             edit tests, too; generated, minified and vendored
                              files are edited only if they are named
  --rule <name>               only this rule; repeatable
  --tier <1|2|3>              rules up to this tier; default 2
  --recipe <name>             move code to @mdc/tasks, in place of the rules;
                              repeatable
  --list-recipes              the names of all recipes
  --config <file>             take parser, settings and options of the rules
                              from this ESLint config

  --types <auto|off|file>     drop edits that would add a type error: where the
                              nearest tsconfig.json and the project's TypeScript
                              5 or 6 are found (auto, default), never (off), by
                              this tsconfig.json for all files

How:
  --dry                       show the edits as a diff (default)
  --write                     make them
  --risk <safe|review>        which edits: safe (default), those that a
                              maintainer would merge unread; review, all
  --interactive               ask about each, rule by rule: accept, skip, quit;
                              all of them unless --risk safe is given
  --format <name>             text (default), json, github, sarif

Recipes, whose edits are all to be read:
{recipes}

Baseline, shared with ESLint:
  --suppress                  record what is found; later only more fails
  --prune-suppressions        take out of the record what is gone
  --suppressions-location <file>
                              default: eslint-suppressions.json

  -h, --help                  this text
  --version                   the version

Exit codes: 0 nothing is left to do, 1 there are findings that are not in the
baseline, 2 wrong usage, or a file that could not be handled.
`;
