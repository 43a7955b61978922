// SPDX-License-Identifier: Apache-2.0
#include "store/index.h"

#include <catch2/catch.hpp>

#include "crypto/dsse.h"

using namespace cardwarden;

namespace {

Result<NewRecord> indexed(const std::string& statement) {
  return index_record(envelope_json({std::string(kInTotoPayloadType), statement, {{"", "s"}}}));
}

}  // namespace

TEST_CASE("index: a record is found by what it says, each property once and sorted") {
  const auto record = indexed(
      R"({"predicateType":"https://cardwarden.dev/predicate/waiver/v1","subject":[{"name":"b","digest":{"sha256":"1"}},{"name":"a","digest":{"sha256":"1"}}],"predicate":{"rule":"model-card/license","provenance":{"actor":"x","tenant":"t","finishedAt":"2026-01-01T00:00:00Z"}}})");
  REQUIRE(record.has_value());
  CHECK(record->index.kind == "waiver");
  CHECK(record->index.tenant == "t");
  CHECK(record->index.finished == 1767225600U);
  CHECK(record->index.tags == std::vector<IndexTag>{{"actor", "x"},
                                                    {"digest", "sha256:1"},
                                                    {"rule", "model-card/license"},
                                                    {"subject", "a"},
                                                    {"subject", "b"}});
  CHECK(record->id == sha256(record->envelope));
}

TEST_CASE("index: a statement of another kind is kept and found as other") {
  const auto record = indexed(R"({"predicateType":"https://example.com/x","predicate":{"result":"fine"}})");
  REQUIRE(record.has_value());
  CHECK(record->index.kind == "other");
  CHECK(record->index.result == "fine");
  CHECK(record->index.finished == 0);
}

TEST_CASE("index: strange members make no tags, and too many are cut at the bound") {
  std::string subjects;
  for (std::size_t i = 0; i < kMaxTags + 10; ++i)
    subjects += (i == 0 ? "" : ",") + (R"({"name":")" + std::to_string(i) + "\"}");
  const auto many = indexed(R"({"subject":[)" + subjects + "]}");
  CHECK(many.value().index.tags.size() == kMaxTags);
  const auto strange = indexed(
      R"({"subject":[1,null,{"name":1},{"name":"a\u0000b"},{"name":")" + std::string(kMaxTagBytes + 1, 'x') +
      R"("}],"predicate":{"failedTests":[1,{}],"configuration":[1],"cardwardenAudit":{"controls":[1,{"verdicts":1}],"disclosed":[]}}})");
  CHECK(strange.value().index.tags.empty());
  CHECK_FALSE(indexed("[]").has_value());
  CHECK_FALSE(indexed("x").has_value());
  CHECK_FALSE(indexed(R"({"predicate":{"result":"a\u0000b"}})").has_value());
  CHECK_FALSE(index_record("{}").has_value());
}
