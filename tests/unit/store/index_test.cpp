// SPDX-License-Identifier: Apache-2.0
#include "store/index.h"

#include <catch2/catch.hpp>

#include "crypto/dsse.h"

using namespace cardwarden;

namespace {

std::string envelope_of(const std::string& statement) {
  return envelope_json({std::string(kInTotoPayloadType), statement, {{"", "s"}}});
}

// The index alone: the envelope is gone when this returns.
Result<RecordIndex> indexed(const std::string& statement) {
  const std::string envelope = envelope_of(statement);
  auto record = index_record(envelope);
  if (!record) return record.error();
  return std::move(record->index);
}

}  // namespace

TEST_CASE("index: a record is found by what it says, each property once and sorted") {
  const auto record = indexed(
      R"({"predicateType":"https://cardwarden.dev/predicate/waiver/v1","subject":[{"name":"b","digest":{"sha256":"1"}},{"name":"a","digest":{"sha256":"1"}}],"predicate":{"rule":"model-card/license","provenance":{"actor":"x","tenant":"t","finishedAt":"2026-01-01T00:00:00Z"}}})");
  REQUIRE(record.has_value());
  CHECK(record->kind == "waiver");
  CHECK(record->tenant == "t");
  CHECK(record->finished == 1767225600U);
  CHECK(record->tags == std::vector<IndexTag>{{"actor", "x"},
                                              {"digest", "sha256:1"},
                                              {"rule", "model-card/license"},
                                              {"subject", "a"},
                                              {"subject", "b"}});
  const std::string envelope = envelope_of("{}");
  CHECK(index_record(envelope).value().id == sha256(envelope));
  CHECK(index_record(envelope).value().envelope == envelope);
}

TEST_CASE("index: a statement of another kind is kept and found as other") {
  const auto record = indexed(R"({"predicateType":"https://example.com/x","predicate":{"result":"fine"}})");
  REQUIRE(record.has_value());
  CHECK(record->kind == "other");
  CHECK(record->result == "fine");
  CHECK(record->finished == 0);
}

TEST_CASE("index: strange members make no tags, and too many are cut at the bound") {
  std::string subjects;
  for (std::size_t i = 0; i < kMaxTags + 10; ++i)
    subjects += (i == 0 ? "" : ",") + (R"({"name":")" + std::to_string(i) + "\"}");
  const auto many = indexed(R"({"subject":[)" + subjects + "]}");
  CHECK(many.value().tags.size() == kMaxTags);
  const auto strange = indexed(
      R"({"subject":[1,null,{"name":1},{"name":"a\u0000b"},{"name":")" + std::string(kMaxTagBytes + 1, 'x') +
      R"("}],"predicate":{"failedTests":[1,{}],"configuration":[1],"cardwardenAudit":{"controls":[1,{"verdicts":1}],"disclosed":[]}}})");
  CHECK(strange.value().tags.empty());
  CHECK_FALSE(indexed("[]").has_value());
  CHECK_FALSE(indexed("x").has_value());
  CHECK_FALSE(indexed(R"({"predicate":{"result":"a\u0000b"}})").has_value());
  CHECK_FALSE(index_record("{}").has_value());
}
