import {
  SarifBuilder,
  SarifResultBuilder,
  SarifRuleBuilder,
  SarifRunBuilder,
} from "node-sarif-builder";
import { REPOSITORY } from "../host/define_rule.ts";
import plugin from "../mod.ts";
import { rules as known } from "../rules/mod.ts";
import type { FindingInFile, Judgement } from "./baseline.ts";
import type { CodemodReport } from "./file_report.ts";

const SCHEMA =
  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** SARIF 2.1.0, as code scanning reads it. */
export function reportSarif(
  report: CodemodReport,
  { findings }: Judgement,
): string {
  const run = new SarifRunBuilder().initSimple({
    toolDriverName: "mdc-codemod",
    toolDriverVersion: plugin.meta.version,
    url: REPOSITORY,
  });
  for (const name of report.rules) run.addRule(ruleOf(name));
  for (const finding of findings) run.addResult(resultOf(finding));
  const { invocation, errors } = invocationOf(report);
  run.run.invocations = [invocation];
  run.run.columnKind = "utf16CodeUnits";
  const builder = new SarifBuilder({ $schema: SCHEMA });
  builder.addRun(run);
  const log = builder.buildSarifOutput();
  if (errors.length > 0) invocation.toolExecutionNotifications = errors;
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf(name: string): SarifRuleBuilder {
  const rule = known[name];
  return new SarifRuleBuilder().initSimple({
    ruleId: `mdc/${name}`,
    shortDescriptionText: rule?.meta.docs.description ?? name,
    ...(rule && { helpUri: rule.meta.docs.url }),
  });
}

function resultOf(finding: FindingInFile): SarifResultBuilder {
  const { rule, message, path, line, column, endLine, endColumn } = finding;
  const result = new SarifResultBuilder().initSimple({
    level: "error",
    ruleId: `mdc/${rule}`,
    messageText: message,
    fileUri: encodeURI(path),
    startLine: line,
    startColumn: column,
    endLine,
    endColumn,
  });
  if (finding.edit) {
    const { range: [start, end], text } = finding.edit;
    const { description, risk, why } = finding.edit;
    result.result.properties = { risk, why };
    result.result.fixes = [{
      description: { text: `${description} (${risk}: ${why})` },
      artifactChanges: [{
        artifactLocation: { uri: encodeURI(path) },
        replacements: [{
          deletedRegion: { charOffset: start, charLength: end - start },
          insertedContent: { text },
        }],
      }],
    }];
  }
  return result;
}

function invocationOf({ files }: CodemodReport) {
  const errors = files.flatMap((file) => {
    if (file.status === "done") return [];
    const text = file.status === "failed"
      ? file.error.message
      : file.problem.message;
    return [{
      level: "error" as const,
      message: { text },
      locations: [{
        physicalLocation: { artifactLocation: { uri: encodeURI(file.path) } },
      }],
    }];
  });
  const invocation: NonNullable<SarifRunBuilder["run"]["invocations"]>[number] =
    { executionSuccessful: errors.length === 0 };
  return { invocation, errors };
}
