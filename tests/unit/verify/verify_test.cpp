// SPDX-License-Identifier: Apache-2.0
#include "verify/verify.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <nlohmann/json.hpp>

#include "crypto/dsse.h"
#include "record/events.h"
#include "support/authority.h"
#include "unit/verify/support.h"

using namespace cardwarden;
using namespace cardwarden::test;
using nlohmann::json;
using Proven = cardwarden::test::Evidence;

namespace {

std::string said(const VerifyReport& report) {
  std::string out;
  for (const Check& check : report.checks) {
    out += std::string(to_string(check.state)) + " " + check.what + ": " + check.detail + "\n";
  }
  return out;
}

constexpr std::uint64_t kMade = 1'700'000'001;  // when the record says that it was finished

// A record of any statement by the key, as a bare envelope.
VerifyReport verify_statement(const std::string& statement, const PrivateKey& key) {
  const std::string envelope = sign_record(statement, key).value().envelope;
  VerifyInput input;
  input.record = envelope;
  input.keys = {{key.public_key(), ""}};
  return verify_record(input);
}

json statement_of(const Proven& proven) {
  return json::parse(parse_envelope(proven.record.envelope).value().payload);
}

}  // namespace

TEST_CASE("verify: with everything given, everything is checked and named") {
  const Proven proven;
  const VerifyReport report = verify_record(proven.input());
  INFO(said(report));
  CHECK(report.passed());
  for (const Check& check : report.checks) CHECK(check.state == CheckState::passed);
  CHECK(report.record_id == proven.record.id());
  CHECK(report.key_id == key_id(proven.key.public_key()));
  CHECK(report.log_index == 4U);
  CHECK(report.statement.value().result == "FAILED");
  CHECK(find_check(report, "signature")->detail ==
        "Signed by ci, ed25519 06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9.");
  CHECK(find_check(report, "witnesses")->detail.find("2023-11-14T22:14:10Z") != std::string::npos);
}

TEST_CASE("verify: what was not given is said to be unchecked") {
  const Proven proven;
  VerifyInput input;
  input.record = proven.bundle;
  input.keys = proven.input().keys;
  const VerifyReport report = verify_record(input);
  CHECK(report.passed());
  for (const char* what : {"log", "time", "history", "findings", "subject"}) {
    INFO(what);
    REQUIRE(find_check(report, what) != nullptr);
    CHECK(state_of(report, what) == CheckState::not_checked);
  }
  CHECK_FALSE(report.log_index.has_value());
}

TEST_CASE("verify: the bare envelope verifies as the bundle does") {
  const Proven proven;
  VerifyInput input = proven.input();
  input.record = proven.record.envelope;
  const VerifyReport report = verify_record(input);
  INFO(said(report));
  CHECK(report.passed());
  CHECK(report.record_id == proven.record.id());
}

TEST_CASE("verify: without a trusted key nothing is said about the statement") {
  const Proven proven;
  VerifyInput input = proven.input();
  input.keys.pop_back();
  VerifyReport report = verify_record(input);
  CHECK_FALSE(report.passed());
  CHECK_FALSE(report.statement.has_value());
  input.keys.clear();
  report = verify_record(input);
  CHECK_FALSE(report.passed());
  CHECK(report.checks.back().what == "signature");
}

TEST_CASE("verify: every flipped bit of the bundle, the proof, the findings and the older checkpoint fails") {
  const Proven proven;
  const VerifyInput all = proven.input();
  VerifyInput unlogged = all;  // the log has no part in the findings
  unlogged.log.reset();
  std::size_t trials = 0;
  const auto check = [&](const std::string& text, const VerifyInput& good, const auto& put) {
    for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
      std::string other = text;
      other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
      VerifyInput input = good;
      put(input, other);
      ++trials;
      if (verify_record(input).passed()) FAIL("bit " << bit << " of:\n" << other);
    }
  };
  check(proven.bundle, all, [](VerifyInput& input, const std::string& other) { input.record = other; });
  check(proven.proof, all, [](VerifyInput& input, const std::string& other) { input.proof = other; });
  check(proven.findings.json, unlogged,
        [](VerifyInput& input, const std::string& other) { input.findings = other; });
  check(proven.old_checkpoint, all,
        [](VerifyInput& input, const std::string& other) { input.old_checkpoint = other; });
  CHECK(trials > 24'000);
}

TEST_CASE("verify: every line of a proof that is dropped, doubled or swapped fails, and every cut") {
  const Proven proven;
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < proven.proof.size();) {
    const std::size_t end = proven.proof.find('\n', at) + 1;
    lines.push_back(proven.proof.substr(at, end - at));
    at = end;
  }
  REQUIRE(lines.size() > 9);
  const auto fails = [&proven](const std::vector<std::string>& changed) {
    std::string text;
    for (const std::string& line : changed) text += line;
    if (text == proven.proof) return true;
    VerifyInput input = proven.input();
    input.proof = text;
    return !verify_record(input).passed();
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    INFO(lines[i]);
    std::vector<std::string> other = lines;
    other.erase(other.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK(fails(other));
    for (std::size_t j = i + 1; j < lines.size(); ++j) {
      // The lines of log and witness may stand in any order.
      if (i + 2 == lines.size() && j + 1 == lines.size()) continue;
      other = lines;
      std::swap(other[i], other[j]);
      CHECK(fails(other));
    }
    if (i + 2 >= lines.size()) continue;  // a signature that stands twice is one signature
    other = lines;
    other.insert(other.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
    CHECK(fails(other));
  }
  for (std::size_t size = 0; size < proven.proof.size(); ++size) CHECK(fails({proven.proof.substr(0, size)}));
}

TEST_CASE("verify: hashes of a growth proof that are dropped, inserted, swapped or flipped fail") {
  const Proven proven;
  const auto fails = [&proven](const tlog::Proof& growth) {
    VerifyInput input = proven.input();
    input.growth = growth;
    return !verify_record(input).passed();
  };
  REQUIRE_FALSE(fails(proven.growth));
  for (std::size_t i = 0; i < proven.growth.size(); ++i) {
    tlog::Proof other = proven.growth;
    other.erase(other.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK(fails(other));
    other = proven.growth;
    other.insert(other.begin() + static_cast<std::ptrdiff_t>(i), Hash{});
    CHECK(fails(other));
    for (std::size_t bit = 0; bit < 256; ++bit) {
      other = proven.growth;
      other[i][bit / 8] = static_cast<unsigned char>(other[i][bit / 8] ^ (1U << (bit % 8)));
      CHECK(fails(other));
    }
    for (std::size_t j = i + 1; j < proven.growth.size(); ++j) {
      other = proven.growth;
      std::swap(other[i], other[j]);
      CHECK(fails(other));
    }
  }
  CHECK(fails({}));
}

TEST_CASE("verify: a record of another log, another index or another size does not pass for this one") {
  const Proven proven;
  for (std::uint64_t size = 1; size <= 9; ++size) {
    for (std::uint64_t index = 0; index < size; ++index) {
      if (index == 4 && size == 7) continue;
      const Proven other(index, size <= 3 ? size + 3 : size);
      VerifyInput input = proven.input();
      tlog::ProofFile mine = tlog::parse_proof_file(proven.proof).value();
      const tlog::ProofFile theirs = tlog::parse_proof_file(other.proof).value();
      mine.checkpoint = theirs.checkpoint;  // my path under their head
      if (index == 4 && size == 7) continue;
      const std::string mixed = tlog::proof_file_text(mine);
      input.proof = mixed;
      CHECK_FALSE(verify_record(input).passed());
    }
  }
}

TEST_CASE("verify: an older head that the log does not continue fails, and a newer one is proven backwards") {
  const Proven proven;
  const Proven rewritten(2);  // the same size, another entry 2, and so another past
  VerifyInput input = proven.input();
  input.old_checkpoint = rewritten.old_checkpoint;
  CHECK(state_of(verify_record(input), "history") == CheckState::failed);

  // The caller has seen the log at size 7 and gets a proof under the head of size 5.
  Proven later;
  const std::string kept = tlog::parse_proof_file(later.proof).value().checkpoint;
  const Proven earlier(4, 5);
  input = earlier.input();
  input.old_checkpoint = kept;
  const tlog::NodeReader read = [&later](tlog::NodeId id) -> Result<Hash> {
    tlog::CompactRange range;
    std::vector<tlog::Node> ignored;
    const std::uint64_t count = std::uint64_t{1} << id.level;
    for (std::uint64_t i = 0; i < count; ++i) range.append(later.leaves.at(id.index * count + i), ignored);
    return range.root();
  };
  input.growth = tlog::consistency_proof(5, 7, read).value();
  const VerifyReport report = verify_record(input);
  INFO(said(report));
  CHECK(report.passed());
}

TEST_CASE("verify: a time stamp over the checkpoint says when, and only for a trusted authority") {
  const testing::Authority tsa;
  const Proven proven;
  const std::string checkpoint = tlog::parse_proof_file(proven.proof).value().checkpoint;
  const std::string reply = tsa.stamp(timestamp_request(sha256(checkpoint), "sixteen bytes...").value());
  VerifyInput input = proven.input();
  input.log->witnesses.clear();
  input.log->quorum = 0;
  input.stamp = reply;
  CHECK(state_of(verify_record(input), "time stamp") == CheckState::not_checked);
  input.authority = TimestampAuthority{tsa.file("root.pem"), ""};
  const VerifyReport report = verify_record(input);
  INFO(said(report));
  CHECK(report.passed());
  const std::string detail = find_check(report, "time stamp")->detail;
  CHECK(detail.find("by CN=Test stamping, which leads to the trusted certificate CN=Test root (sha256 ") !=
        std::string::npos);
  CHECK(detail.find(verify_timestamp(reply, sha256(checkpoint), *input.authority)->trusted_id) !=
        std::string::npos);
  CHECK(state_of(report, "time") == CheckState::passed);
  // A key that is revoked later is good for what was stamped before.
  input.keys[1].revoked_at = verify_timestamp(reply, sha256(checkpoint), *input.authority)->time + 1;
  CHECK(state_of(verify_record(input), "key validity") == CheckState::passed);
  input.keys[1].revoked_at = *input.keys[1].revoked_at - 1;
  CHECK(state_of(verify_record(input), "key validity") == CheckState::failed);
  input.keys[1].revoked_at.reset();
  // A stamp over another checkpoint, and one of an authority that nobody trusts here.
  const Proven other(2, 6);
  input.proof = other.proof;
  CHECK(state_of(verify_record(input), "time stamp") != CheckState::passed);
  input.proof = proven.proof;
  input.authority = TimestampAuthority{tsa.file("other.pem"), ""};
  CHECK(state_of(verify_record(input), "time stamp") == CheckState::failed);
}

TEST_CASE("verify: a key counts in its time only, and after it was revoked only with a witness") {
  const Proven proven;
  const auto with = [&proven](auto change, bool log = true) {
    VerifyInput input = proven.input();
    change(input.keys[1]);
    if (!log) {
      input.log.reset();
      input.proof.reset();
      input.old_checkpoint.reset();
    }
    return state_of(verify_record(input), "key validity");
  };
  CHECK(with([](TrustedKey& key) { key.valid_from = kMade; }) == CheckState::passed);
  CHECK(with([](TrustedKey& key) { key.valid_from = kMade + 1; }) == CheckState::failed);
  // Nobody but the record itself says that it is older than the end of its key, until a witness does.
  CHECK(with([](TrustedKey& key) { key.valid_to = kMade; }) == CheckState::not_checked);
  CHECK(with([](TrustedKey& key) { key.valid_to = kWitnessTime; }) == CheckState::passed);
  CHECK(with([](TrustedKey& key) { key.valid_to = kWitnessTime; }, false) == CheckState::not_checked);
  CHECK(with([](TrustedKey& key) { key.valid_to = kMade - 1; }) == CheckState::failed);
  CHECK(with([](TrustedKey& key) { key.revoked_at = kWitnessTime + 1; }) == CheckState::passed);
  CHECK(with([](TrustedKey& key) { key.revoked_at = kWitnessTime; }) == CheckState::failed);
  CHECK(with([](TrustedKey& key) { key.revoked_at = kWitnessTime + 1; }, false) == CheckState::failed);
}

TEST_CASE("verify: without dates of the key it is not said that the key was valid") {
  const Proven proven;
  VerifyInput input = proven.input();
  input.keys[1].valid_from = 0;
  const VerifyReport report = verify_record(input);
  CHECK(report.passed());
  CHECK(state_of(report, "key validity") == CheckState::not_checked);
  CHECK(find_check(report, "key validity")->detail.find("No dates came with the key") == 0);
  for (const Check& check : report.checks) CHECK(check.detail.find("key was valid at") == std::string::npos);
  // A key that is known to be lost has a date that counts, whatever else is known of it.
  input.keys[1].revoked_at = kWitnessTime;
  CHECK(state_of(verify_record(input), "key validity") == CheckState::failed);
  CHECK(
      find_check(verify_record(proven.input()), "key validity")->detail ==
      "The record was finished at 2023-11-14T22:13:21Z by its own word, within the dates given with the key "
      "(from 2023-07-22T04:26:40Z, without an end).");
}

TEST_CASE("verify: a record that was seen before it says that it was finished is found") {
  const Proven late(4, 7, kWitnessTime + 301);
  CHECK(state_of(verify_record(late.input()), "time") == CheckState::failed);
  CHECK_FALSE(verify_record(late.input()).passed());
  const Proven skewed(4, 7, kWitnessTime + 300);
  CHECK(state_of(verify_record(skewed.input()), "time") == CheckState::passed);
}

TEST_CASE("verify: a review says what was decided about which record, and nothing may be missing") {
  const PrivateKey key = rfc_key();
  const Review review{{named_subject("org/model")},
                      std::string(64, 'c'),
                      Decision::rejected,
                      "person:42",
                      "The weights are not the ones that were tested.",
                      provenance(key)};
  const json good = json::parse(review_statement(review).value());
  const VerifyReport report = verify_statement(canonical_json(good), key);
  INFO(said(report));
  CHECK(report.passed());
  const ReadReview read = report.statement.value().review.value();
  CHECK(hex(read.record) == std::string(64, 'c'));
  CHECK(read.decision == "rejected");
  CHECK(read.reviewer == "person:42");
  for (const char* member : {"record", "decision", "reviewer", "comment"}) {
    CAPTURE(member);
    json other = good;
    other["predicate"].erase(member);
    CHECK_FALSE(verify_statement(canonical_json(other), key).passed());
    other = good;
    other["predicate"][member] = "";
    CHECK_FALSE(verify_statement(canonical_json(other), key).passed());
  }
}

TEST_CASE("verify: a record of a time stamp holds a checkpoint that the log signed and an authority saw") {
  const testing::Authority tsa;
  const Proven proven;
  const std::string checkpoint = tlog::parse_proof_file(proven.proof).value().checkpoint;
  const std::string reply = tsa.stamp(timestamp_request(sha256(checkpoint), "sixteen bytes...").value());
  const PrivateKey key = rfc_key();
  const TimeStamp stamp{checkpoint, reply, provenance(key)};
  const std::string statement = time_stamp_statement(stamp).value();
  const std::string envelope = sign_record(statement, key).value().envelope;
  VerifyInput input;
  input.record = envelope;
  input.keys = {{key.public_key(), ""}};
  CHECK(verify_record(input).passed());
  CHECK(verify_record(input).statement.value().kind == RecordKind::time_stamp);
  CHECK(state_of(verify_record(input), "stamped checkpoint") == CheckState::not_checked);
  input.authority = TimestampAuthority{tsa.file("root.pem"), ""};
  CHECK(state_of(verify_record(input), "stamped checkpoint") == CheckState::passed);
  input.log = proven.trusted_log();
  CHECK(state_of(verify_record(input), "stamped checkpoint") == CheckState::passed);
  input.log->key =
      tlog::note_key("audit.example/log1", tlog::NoteKeyType::ed25519, named_key('z').public_key()).value();
  CHECK(state_of(verify_record(input), "stamped checkpoint") == CheckState::failed);
  input.log.reset();
  input.authority = TimestampAuthority{tsa.file("other.pem"), ""};
  CHECK(state_of(verify_record(input), "stamped checkpoint") == CheckState::failed);
  // A stamp over something else makes no record, and a record whose parts do not fit is refused.
  CHECK_FALSE(time_stamp_statement({proven.old_checkpoint, reply, provenance(key)}).has_value());
  CHECK_FALSE(time_stamp_statement({"words\n", reply, provenance(key)}).has_value());
  CHECK_FALSE(time_stamp_statement({checkpoint, "no reply", provenance(key)}).has_value());
  json other = json::parse(statement);
  other["predicate"]["checkpoint"] = proven.old_checkpoint;
  CHECK_FALSE(verify_statement(canonical_json(other), key).passed());
  other = json::parse(statement);
  other["predicate"].erase("reply");
  CHECK_FALSE(verify_statement(canonical_json(other), key).passed());
}

TEST_CASE("verify: too few witnesses fail, and an unknown log is no log") {
  const Proven proven;
  VerifyInput input = proven.input();
  input.log->quorum = 2;
  CHECK(state_of(verify_record(input), "witnesses") == CheckState::failed);
  input.log->quorum = 0;
  input.log->witnesses.clear();
  CHECK(state_of(verify_record(input), "witnesses") == CheckState::not_checked);
  CHECK(verify_record(input).passed());
  input.log->key =
      tlog::note_key("audit.example/log1", tlog::NoteKeyType::ed25519, named_key('z').public_key()).value();
  CHECK(state_of(verify_record(input), "log") == CheckState::failed);
}

TEST_CASE("verify: of a log that has changed its key, any of its keys that was given may have signed") {
  const Proven proven;
  VerifyInput input = proven.input();
  const tlog::NoteKey good = input.log->key;
  const tlog::NoteKey other =
      tlog::note_key("audit.example/log1", tlog::NoteKeyType::ed25519, named_key('z').public_key()).value();
  input.log->key = other;
  VerifyReport report = verify_record(input);
  CHECK(state_of(report, "log") == CheckState::failed);
  input.log->other_keys = {good};
  report = verify_record(input);
  CHECK(report.passed());
  CHECK(state_of(report, "history") == CheckState::passed);
  const auto log = std::find_if(report.checks.begin(), report.checks.end(),
                                [](const Check& check) { return check.what == "log"; });
  REQUIRE(log != report.checks.end());
  CHECK(log->detail.find(tlog::vkey_text(good)) != std::string::npos);
  // A line in the name of a key that was given must verify, whichever else has signed.
  const auto file = tlog::parse_proof_file(proven.proof).value();
  tlog::Note note = tlog::parse_note(file.checkpoint).value();
  note.signatures.push_back({other.name, other.id, note.signatures.front().bytes});
  const std::string spoiled =
      tlog::proof_file_text({std::nullopt, file.index, file.proof, tlog::note_text(note)});
  input.proof = spoiled;
  CHECK(state_of(verify_record(input), "log") == CheckState::failed);
  input.log->key = good;
  input.log->other_keys = {other};
  CHECK(state_of(verify_record(input), "log") == CheckState::failed);
  input.log->other_keys = {};
  CHECK(state_of(verify_record(input), "log") == CheckState::passed);
}

TEST_CASE("verify: a file that is no subject, and findings for a record that names none, fail") {
  const Proven proven;
  VerifyInput input = proven.input();
  input.files.push_back({"other.md", sha256("other")});
  CHECK_FALSE(verify_record(input).passed());
  Waiver waiver{{named_subject("org/model")}, "model-card/license", "a", "b", "c", "d", 1'800'000'000,
                provenance(proven.key)};
  const std::string envelope = sign_record(waiver_statement(waiver).value(), proven.key).value().envelope;
  VerifyInput other;
  other.record = envelope;
  other.keys = proven.input().keys;
  CHECK(verify_record(other).passed());
  other.findings = "{}";
  CHECK_FALSE(verify_record(other).passed());
}

TEST_CASE("verify: a good signature under a statement that is none of ours is refused") {
  const Proven proven;
  const json good = statement_of(proven);
  REQUIRE(verify_statement(canonical_json(good), proven.key).passed());
  const std::vector<std::function<void(json&)>> changes = {
      [](json& s) { s["_type"] = "https://in-toto.io/Statement/v0.1"; },
      [](json& s) { s["predicateType"] = "https://example.com/other"; },
      [](json& s) { s.erase("predicateType"); },
      [](json& s) { s["subject"] = json::array(); },
      [](json& s) { s["subject"] = json::object(); },
      [](json& s) { s["subject"][0].erase("digest"); },
      [](json& s) { s["subject"][0]["digest"]["sha256"] = 1; },
      [](json& s) { s["predicate"]["result"] = "GREAT"; },
      [](json& s) { s["predicate"]["cardwardenAudit"]["provenance"]["keyId"] = std::string(64, '0'); },
      [](json& s) { s["predicate"]["cardwardenAudit"]["provenance"]["finishedAt"] = "today"; },
      [](json& s) { s["predicate"]["cardwardenAudit"].erase("findings"); },
      [](json& s) { s["predicate"]["cardwardenAudit"]["findings"]["digest"]["sha256"] = "x"; },
      [](json& s) { s.erase("predicate"); },
      [](json& s) { s = json::array(); },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    CAPTURE(i);
    json other = good;
    changes[i](other);
    CHECK_FALSE(verify_statement(canonical_json(other), proven.key).passed());
  }
  // What nobody knows is passed over.
  json more = good;
  more["predicate"]["future"] = 1;
  CHECK(verify_statement(canonical_json(more), proven.key).passed());
}

TEST_CASE("verify: a rotation needs the signature of the new key over itself") {
  const PrivateKey key = rfc_key();
  const KeyRotation rotation{"record", 1'700'000'100, 1'700'086'500, "rotation", provenance(key)};
  const json good = json::parse(key_rotation_statement(rotation, other_key()).value());
  const VerifyReport report = verify_statement(canonical_json(good), key);
  INFO(said(report));
  CHECK(report.passed());
  CHECK(report.statement.value().rotation.value().spki == other_key().public_key().spki());
  CHECK(report.statement->rotation->valid_from == 1'700'000'100U);
  const std::vector<std::function<void(json&)>> changes = {
      [](json& p) { p["newKeySignature"] = base64(std::string(64, 'x')); },
      [](json& p) { p.erase("newKeySignature"); },
      [](json& p) { p["role"] = "log"; },
      [](json& p) { p["newKey"]["validFrom"] = "2023-11-14T22:15:01Z"; },
      [](json& p) { p["oldKey"]["validTo"] = "2033-11-14T22:15:01Z"; },
      [](json& p) { p["newKey"]["spki"] = base64(named_key('n').public_key().spki()); },
      [](json& p) { p["newKey"]["id"] = std::string(64, '1'); },
      [](json& p) { p["oldKey"]["id"] = std::string(64, '1'); },
      [](json& p) { p["reason"] = "compromise"; },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    CAPTURE(i);
    json other = good;
    changes[i](other["predicate"]);
    CHECK_FALSE(verify_statement(canonical_json(other), key).passed());
  }
}

TEST_CASE("verify: a bundle with a second signature, another type, or members that nobody knows is refused") {
  const Proven proven;
  const json good = json::parse(proven.bundle);
  const std::vector<std::function<void(json&)>> changes = {
      [](json& b) { b["dsseEnvelope"]["signatures"].push_back(b["dsseEnvelope"]["signatures"][0]); },
      [](json& b) { b["dsseEnvelope"]["signatures"] = json::array(); },
      [](json& b) { b["dsseEnvelope"]["payloadType"] = "text/plain"; },
      [](json& b) { b["dsseEnvelope"]["more"] = 1; },  // then its digest is not the one in the log
      [](json& b) { b["mediaType"] = "application/vnd.dev.sigstore.bundle.v0.2+json"; },
      [](json& b) { b["more"] = 1; },
      [](json& b) { b["verificationMaterial"]["more"] = 1; },
      [](json& b) { b["verificationMaterial"]["publicKey"]["more"] = 1; },
      [](json& b) { b["verificationMaterial"].erase("publicKey"); },
      [](json& b) { b["verificationMaterial"]["publicKey"]["hint"] = "x"; },
      [](json& b) { b["verificationMaterial"]["tlogEntries"] = 1; },
      [](json& b) { b.erase("dsseEnvelope"); },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    CAPTURE(i);
    json other = good;
    changes[i](other);
    const std::string text = canonical_json(other);
    VerifyInput input = proven.input();
    input.record = text;
    CHECK_FALSE(verify_record(input).passed());
  }
  // The same bundle laid out by another tool is the same record.
  const std::string pretty = good.dump(2);
  VerifyInput input = proven.input();
  input.record = pretty;
  CHECK(verify_record(input).passed());
}

TEST_CASE("verify: any bytes at all give a report, never more") {
  const Proven proven;
  for (const std::string& text :
       {std::string(), std::string("null"), std::string("[]"), std::string("{}"),
        std::string("{\"mediaType\":1}"), std::string(100'000, '['), proven.proof}) {
    VerifyInput input = proven.input();
    input.record = text;
    const VerifyReport report = verify_record(input);
    CHECK_FALSE(report.passed());
    CHECK(report.checks.size() == 1);
  }
  for (std::size_t size = 0; size < proven.bundle.size(); ++size) {
    const std::string cut = proven.bundle.substr(0, size);
    VerifyInput input = proven.input();
    input.record = cut;
    CHECK_FALSE(verify_record(input).passed());
  }
}
