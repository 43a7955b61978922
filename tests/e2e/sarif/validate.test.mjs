// SPDX-License-Identifier: Apache-2.0
// The validator must refuse what is wrong; the golden report must pass.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { validate } from "./validate.mjs";

const golden = readFileSync(new URL("../../golden/reports/sarif.golden", import.meta.url), "utf8");

// The golden with one change.
function changed(change) {
  const log = JSON.parse(golden);
  change(log.runs[0]);
  return JSON.stringify(log);
}

test("the golden report is valid", () => assert.deepEqual(validate(golden), []));

const wrong = {
  "text that is not JSON": () => golden.slice(0, -3),
  "a log without a version": () => golden.replace('"version":"2.1.0",', ""),
  "a level that does not exist": () => changed((run) => (run.results[0].level = "fatal")),
  "an unknown property": () => changed((run) => (run.results[0].colour = "red")),
  "a line number of zero": () => changed((run) => (run.results[0].locations[0].physicalLocation.region.startLine = 0)),
  "an address that is no URI": () =>
    changed((run) => (run.results[0].locations[0].physicalLocation.artifactLocation.uri = "a b|c.md")),
  "a rule index of another rule": () => changed((run) => (run.results[0].ruleIndex = run.tool.driver.rules.length - 1)),
  "a rule index past the rules": () => changed((run) => (run.results[0].ruleIndex = 999)),
  "a rule that stands twice": () => changed((run) => run.tool.driver.rules.push({ ...run.tool.driver.rules[0], name: "X" })),
  "too many tags": () =>
    changed((run) => (run.tool.driver.rules[0].properties.tags = Array.from({ length: 21 }, (_, i) => `t${i}`))),
  "a region that runs backwards": () =>
    changed((run) => (run.results[0].locations[0].physicalLocation.region = { startLine: 5, endLine: 4 })),
  "too many results": () => changed((run) => (run.results = Array(25_001).fill(run.results[0]))),
};

for (const [what, text] of Object.entries(wrong)) {
  test(`refused: ${what}`, () => assert.notDeepEqual(validate(text()), []));
}
