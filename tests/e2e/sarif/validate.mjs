// SPDX-License-Identifier: Apache-2.0
// Usage: node validate.mjs FILE...
// Checks SARIF files against the SARIF 2.1.0 schema, and against what a schema cannot say: rule ids and
// indexes that agree, regions that do not run backwards, and the ceilings of GitHub code scanning.
// Exit code: 0 all valid, 1 at least one invalid, 2 wrong usage.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { argv, exit } from "node:process";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";

const LIMITS = { results: 25_000, rules: 25_000, tags: 20, runs: 20, relatedLocations: 1_000 };

const require = createRequire(import.meta.url);
const schema = require("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
// The schema has a pattern that is no Unicode-mode regular expression.
const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
addFormats(ajv);
const matches = ajv.compile(schema);

function regionProblems(region, at) {
  if (!region) return [];
  const endLine = region.endLine ?? region.startLine;
  if (endLine < region.startLine) return [`${at}: ends on line ${endLine}, before it starts`];
  const sameLine = endLine === region.startLine;
  if (sameLine && region.endColumn !== undefined && region.endColumn < (region.startColumn ?? 1)) {
    return [`${at}: ends in column ${region.endColumn}, before it starts`];
  }
  return [];
}

function resultProblems(result, at, rules) {
  const out = [];
  if (result.ruleIndex !== undefined) {
    const rule = rules[result.ruleIndex];
    if (!rule) out.push(`${at}: ruleIndex ${result.ruleIndex} names no rule`);
    else if (rule.id !== result.ruleId) out.push(`${at}: ruleIndex is of ${rule.id}, ruleId is ${result.ruleId}`);
  }
  if (result.kind && result.kind !== "fail" && result.level !== "none") {
    out.push(`${at}: kind ${result.kind} needs level none`);
  }
  if (!result.locations?.length) out.push(`${at}: has no location`);
  if (!Object.keys(result.partialFingerprints ?? {}).length) out.push(`${at}: has no fingerprint`);
  if ((result.relatedLocations?.length ?? 0) > LIMITS.relatedLocations) out.push(`${at}: too many related locations`);
  for (const location of [...(result.locations ?? []), ...(result.relatedLocations ?? [])]) {
    out.push(...regionProblems(location.physicalLocation?.region, at));
  }
  return out;
}

function runProblems(run, at) {
  const out = [];
  const rules = run.tool?.driver?.rules ?? [];
  if (rules.length > LIMITS.rules) out.push(`${at}: ${rules.length} rules, at most ${LIMITS.rules}`);
  if (new Set(rules.map((rule) => rule.id)).size !== rules.length) out.push(`${at}: a rule id stands twice`);
  for (const rule of rules) {
    const tags = rule.properties?.tags ?? [];
    if (tags.length > LIMITS.tags) out.push(`${at}: rule ${rule.id} has ${tags.length} tags, at most ${LIMITS.tags}`);
    if (!rule.helpUri) out.push(`${at}: rule ${rule.id} has no helpUri`);
  }
  const results = run.results ?? [];
  if (results.length > LIMITS.results) out.push(`${at}: ${results.length} results, at most ${LIMITS.results}`);
  results.forEach((result, i) => out.push(...resultProblems(result, `${at}/results/${i}`, rules)));
  return out;
}

// The problems of one SARIF text, one line each; empty when it is valid.
export function validate(text) {
  let log;
  try {
    log = JSON.parse(text);
  } catch (error) {
    return [`not JSON: ${error.message}`];
  }
  if (!matches(log)) {
    return matches.errors.slice(0, 50).map((e) => `${e.instancePath || "/"}: ${e.message} ${JSON.stringify(e.params)}`);
  }
  const out = log.runs.length > LIMITS.runs ? [`${log.runs.length} runs, at most ${LIMITS.runs}`] : [];
  log.runs.forEach((run, i) => out.push(...runProblems(run, `/runs/${i}`)));
  return out;
}

function main(files) {
  if (files.length === 0) {
    console.error("usage: node validate.mjs FILE...");
    return 2;
  }
  let invalid = 0;
  for (const file of files) {
    const problems = validate(readFileSync(file, "utf8"));
    for (const problem of problems) console.error(`${file}: ${problem}`);
    if (problems.length === 0) console.log(`${file}: valid SARIF 2.1.0`);
    else invalid += 1;
  }
  return invalid === 0 ? 0 : 1;
}

if (argv[1] === fileURLToPath(import.meta.url)) exit(main(argv.slice(2)));
