// SPDX-License-Identifier: Apache-2.0
// Quotes of files beside the card, and the lines about its repository.
#include <catch2/catch.hpp>

#include "fixture.h"
#include "report/repository_lines.h"

namespace cardwarden::testing {
namespace {

// A finding about words of the card and of a file, one about a file alone, and one that cannot be told.
struct Audited {
  Run run;
  Snapshot snapshot;
  WeightFacts weights;
  RepositoryFacts facts;

  Audited() {
    run.info.policy = &run.policy;
    run.info.version = "0.1.0";
    snapshot.commit_id = *ObjectId::from_hex(std::string(40, 'a'));
    snapshot.commit.committer = {"Ann", "ann@example.org", 1'714'564'800, 0, true};
    SnapshotFile file;
    file.path = "model.safetensors";
    file.lfs = LfsPointer{std::string(64, 'b'), 16'060'522'496, false, true, {}};
    snapshot.files.push_back(file);
    snapshot.notes.push_back({"config.json", "It is no JSON."});
    facts.snapshot = &snapshot;
    facts.weights = &weights;
    Case& c = run.cases.emplace_back(make_card("README.md", "license: mit\n\n# heron\n"));
    JudgedFinding& both =
        c.add("repository/a", Severity::error, Outcome::contradicted, "Two licences.", "Choose.");
    c.at(both, "mit");
    c.quote(both, "license: mit", "mit");
    both.finding.files.push_back({"LICENSE", 7, "Apache License \x1b[31m2.0"});
    JudgedFinding& file_only =
        c.add("repository/b", Severity::warning, Outcome::violated, "Runs code.", "Convert.");
    file_only.finding.files.push_back({"old/model.pkl", 0, "imports os.system"});
    Finding cannot;
    cannot.rule = "repository/c";
    cannot.outcome = Outcome::not_assessable;
    cannot.message = "Only a pointer is here.";
    cannot.files.push_back({"pytorch_model.bin", 0, "a pointer of 400 bytes"});
    c.report.not_assessable.push_back(cannot);
    c.report.repository = &facts;
  }

  std::string in(std::string_view format) const { return run.render(format); }
};

bool has(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("files: every format shows the words of files, and where they stand") {
  Audited audited;
  for (const ReportFormat& format : report_formats()) {
    const std::string out = audited.in(format.name);
    INFO(format.name << "\n" << out);
    CHECK(has(out, "Apache License"));
    CHECK(has(out, "imports os.system"));
    CHECK(has(out, "LICENSE"));
    CHECK(has(out, "old/model.pkl"));
    CHECK_FALSE(has(out, "\x1b[31m"));
  }
}

TEST_CASE("files: a finding that is about a file alone points at the file") {
  Audited audited;
  CHECK(has(audited.in("text"), "\nold/model.pkl"));
  CHECK(has(audited.in("github"), "file=old/model.pkl,"));
  CHECK(has(audited.in("gitlab"), R"("path":"old/model.pkl")"));
  CHECK(has(audited.in("sarif"),
            R"("locations":[{"physicalLocation":{"artifactLocation":{"uri":"old/model.pkl")"));
  CHECK(has(audited.in("sarif"), R"("region":{"startLine":7})"));
  CHECK(has(audited.in("csv"), "\nold/model.pkl,"));
  CHECK(has(audited.in("junit"), "file=\"old/model.pkl\""));
}

TEST_CASE("files: reports for people and for programs say what is known of the repository") {
  Audited audited;
  for (const char* format : {"text", "html", "markdown", "json", "jsonl"}) {
    const std::string out = audited.in(format);
    INFO(format << "\n" << out);
    CHECK(has(out, std::string(40, 'a')));
    CHECK(has(out, "2024-05-01"));
    CHECK(has(out, "Only a pointer is here."));
    CHECK(has(out, "It is no JSON."));
  }
  const auto lines = render::repository_lines(audited.facts);
  REQUIRE(lines.size() > 4);
  CHECK(lines[2].text == "1 file, 16.0 GB, 1 of them in LFS");
  CHECK(render::grouped(0) == "0");
  CHECK(render::grouped(999) == "999");
  CHECK(render::grouped(8'030'261'248) == "8,030,261,248");
}

TEST_CASE("files: a card without a repository says nothing of one") {
  Audited audited;
  audited.run.cases.front().report.repository = nullptr;
  for (const ReportFormat& format : report_formats()) {
    const std::string out = audited.in(format.name);
    INFO(format.name);
    CHECK_FALSE(has(out, std::string(40, 'a')));
    CHECK_FALSE(has(out, "Only a pointer is here."));
  }
}

}  // namespace cardwarden::testing
