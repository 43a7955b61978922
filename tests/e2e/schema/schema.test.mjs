// SPDX-License-Identifier: Apache-2.0
// The schemas in policies/ accept what the program accepts and refuse what it refuses.
// CARDWARDEN_BINARY names the program; without it nothing here can be shown, so the tests fail.
import { test } from "node:test";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Ajv from "ajv";
import { parse } from "yaml";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const binary = process.env.CARDWARDEN_BINARY ?? "CARDWARDEN_BINARY is not set";

function schema(name) {
  return new Ajv({ allErrors: true, strict: false }).compile(JSON.parse(readFileSync(join(root, "policies", name), "utf8")));
}
const policy = schema("policy.schema.json");
const config = schema("config.schema.json");

function accepts(check, value, what) {
  assert.ok(check(value), `${what}: ${JSON.stringify(check.errors, null, 1)}`);
}

// A card, a file beside it, and what the program says to both.
function programAccepts(name, text) {
  const folder = mkdtempSync(join(tmpdir(), "cardwarden-schema-"));
  try {
    writeFileSync(join(folder, "README.md"), "# Gull\n");
    writeFileSync(join(folder, name), text);
    const flags = name === ".cardwarden.yaml" ? [] : ["--no-config", "--policy", join(folder, name)];
    const run = spawnSync(binary, ["check", ...flags, join(folder, "README.md")], { encoding: "utf8" });
    assert.equal(run.error, undefined, `${binary} did not run`);
    assert.ok([0, 1, 2].includes(run.status), `exit code ${run.status}: ${run.stderr}`);
    return run.status !== 2;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("every pack fits the schema of policies", () => {
  const packs = readdirSync(join(root, "policies")).filter((name) => name.endsWith(".yaml"));
  assert.ok(packs.length >= 3);
  for (const name of packs) accepts(policy, parse(readFileSync(join(root, "policies", name), "utf8")), name);
});

test("the file that init writes fits the schema of configurations", () => {
  const folder = mkdtempSync(join(tmpdir(), "cardwarden-schema-"));
  try {
    const run = spawnSync(binary, ["init", folder], { encoding: "utf8" });
    assert.equal(run.status, 0, run.stderr);
    const text = readFileSync(join(folder, ".cardwarden.yaml"), "utf8");
    accepts(config, parse(text) ?? {}, "init");
    assert.ok(programAccepts(".cardwarden.yaml", text));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

// [what, the file, whether it is right]: program and schema must agree.
const policies = [
  ["a full policy", "name: team\nversion: '3'\ndescription: x\nextends: hub-publish\napplies-to: [model]\nrules:\n  metadata/*: error\n  model-card/compute: {severity: warning, parameters: {n: 5}, because: y}\noverrides:\n  - path: [legacy/**, drafts]\n    rules: {'model-card/*': off}\ngate: {fail-on: error, max-warnings: 20, min-disclosure: 0.5}\ncontrols:\n  - {framework: F, provision: '1', text: t, evidence: [model-card/license], scope: {gpai: true}}\n  - {framework: F, provision: '2', text: t, assessable: false}\nscope: {role: provider, gpai: true}\n", true],
  ["several policies to extend", "extends: [hub-publish, strict]\n", true],
  ["one kind as a text", "applies-to: dataset\nrules: {'metadata/*': info}\n", true],
  ["an unknown key", "rulez: {}\n", false],
  ["an unknown severity", "rules: {'metadata/*': fatal}\n", false],
  ["rules as a list", "rules: ['metadata/*']\n", false],
  ["an unknown kind", "applies-to: [modle]\n", false],
  ["a gate with an unknown key", "gate: {fial-on: error}\n", false],
  ["a negative count of warnings", "gate: {max-warnings: -1}\n", false],
  ["a share over one", "gate: {min-disclosure: 1.5}\n", false],
  ["a control without a provision", "controls: [{framework: F, text: t, evidence: [model-card/license]}]\n", false],
  ["an override without rules", "overrides: [{path: drafts}]\n", false],
  ["a scope with an unknown key", "scope: {sector: health}\n", false],
];
for (const [what, text, right] of policies) {
  test(`policy: ${what} is ${right ? "accepted" : "refused"} by program and schema`, () => {
    assert.equal(programAccepts("team.yaml", text), right, "the program");
    assert.equal(policy(parse(text)), right, `the schema: ${JSON.stringify(policy.errors)}`);
  });
}

const configurations = [
  ["a full configuration", "policy: strict\nformat: text\njobs: 2\nselect: [model-card/*]\nignore: [parse/line-ends]\nexclude: [drafts]\nkind: model\ngate: {fail-on: warning}\nscope: {gpai: true}\nrules: {'metadata/*': error}\n", true],
  ["nothing but a comment", "# nothing yet\n", true],
  ["an unknown key", "polcy: strict\n", false],
  ["an unknown format", "format: txet\n", false],
  ["a negative number of jobs", "jobs: -1\n", false],
  ["an unknown kind", "kind: modle\n", false],
  ["a policy that is a list", "policy: [strict]\n", false],
  ["an unknown severity in the gate", "gate: {fail-on: fatal}\n", false],
];
for (const [what, text, right] of configurations) {
  test(`configuration: ${what} is ${right ? "accepted" : "refused"} by program and schema`, () => {
    assert.equal(programAccepts(".cardwarden.yaml", text), right, "the program");
    assert.equal(config(parse(text) ?? {}), right, `the schema: ${JSON.stringify(config.errors)}`);
  });
}

test("every report format that the schema names is one of the program's", () => {
  const named = JSON.parse(readFileSync(join(root, "policies", "config.schema.json"), "utf8")).definitions.format.enum;
  const help = spawnSync(binary, ["check", "--help"], { encoding: "utf8" }).stdout;
  for (const format of named) {
    assert.ok(programAccepts(".cardwarden.yaml", `format: ${format}\n`), format);
    assert.ok(help.includes(format), `--help does not name ${format}`);
  }
});
