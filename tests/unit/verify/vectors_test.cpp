// SPDX-License-Identifier: Apache-2.0
// The vectors of docs/formats: each is read from its page, so that a page that is wrong fails here, and what
// the program makes of the same facts is compared with it byte by byte.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/text.h"
#include "crypto/dsse.h"
#include "log/tiles.h"
#include "record/events.h"
#include "unit/verify/support.h"

using namespace cardwarden;
using namespace cardwarden::test;
using nlohmann::json;

namespace {

class Page {
 public:
  explicit Page(const std::string& name)
      : text_(read_whole_file(CARDWARDEN_SOURCE_DIR "/docs/formats/" + name).value()) {}

  // What stands under a heading, to the next heading.
  Page under(const std::string& heading) const {
    const std::string line = "\n## " + heading + "\n";
    const std::size_t at = text_.find(line);
    INFO(heading);
    REQUIRE(at != std::string::npos);
    const std::size_t begin = at + line.size();
    return Page(text_.substr(begin, text_.find("\n## ", begin) - begin), 0);
  }
  // The fenced blocks, in order; `last_line_end`: whether the line end before the fence belongs to them.
  std::string block(std::size_t index, bool last_line_end = false) const {
    std::size_t at = 0;
    for (std::size_t i = 0; i <= 2 * index; ++i) {
      at = text_.find("\n```\n", at);
      CAPTURE(index);
      REQUIRE(at != std::string::npos);
      at += i < 2 * index ? 4 : 5;
    }
    const std::size_t end = text_.find("\n```", at);
    return text_.substr(at, end - at + (last_line_end ? 1 : 0));
  }
  // The second cell of the table row that begins with the first, without its backquotes.
  std::string cell(const std::string& first) const {
    const std::string row = "\n| " + first + " | `";
    const std::size_t at = text_.find(row);
    INFO(first);
    REQUIRE(at != std::string::npos);
    return text_.substr(at + row.size(), text_.find('`', at + row.size()) - at - row.size());
  }

 private:
  Page(std::string text, int /*part*/) : text_(std::move(text)) {}
  std::string text_;
};

PublicKey published_key() {
  return PublicKey::from_spki(bytes_from_base64(Page("envelope.md").cell("SPKI, base64")).value()).value();
}

// A statement, its signature and its record id as a page shows them.
struct Shown {
  std::string statement;
  std::string signature;
  std::string id;
};
Shown shown(const std::string& heading) {
  const Page page = Page("vectors.md").under(heading);
  return {page.block(0), page.block(1), page.cell("record id")};
}

const std::string kManifestHeading = "Manifest";

StatementSubject vector_commit() {
  return {"acme/heron@" + std::string(40, '1'),
          {{"sha256", sha256_hex(Page("vectors.md").under(kManifestHeading).block(0, true))},
           {"gitCommit", std::string(40, '1')},
           {"gitTree", std::string(40, '2')}}};
}

std::string made(const std::string& heading) {
  const PrivateKey key = rfc_key();
  const Provenance by = provenance(key);
  const Hash audit = sha256("an audit");
  if (heading == "Audit of a commit") {
    const AuditedCard audited({about_card("model-card/license")});
    AuditInput input = audited.input(key);
    input.subjects.push_back(vector_commit());
    input.inputs = {{"run", sha256(Page("vectors.md").under("Run").block(0))}};
    return audit_statement(input).value();
  }
  if (heading == "Verdict") {
    return verdict_statement({{vector_commit()},
                              "https://hub.example/acme/heron",
                              "team",
                              std::string(64, 'b'),
                              audit,
                              true,
                              by})
        .value();
  }
  if (heading == "Waiver") {
    return waiver_statement({{named_subject("acme/heron")},
                             "model-card/license",
                             "team:a",
                             "person:7",
                             "RISK-7",
                             "Our own licence.",
                             1'800'000'000,
                             by})
        .value();
  }
  if (heading == "Review") {
    return review_statement(
               {{vector_commit()}, hex(audit), Decision::approved, "person:42", "Measured again.", by})
        .value();
  }
  if (heading == "Key rotation") {
    return key_rotation_statement({"record", 1'700'000'100, 1'700'086'500, "rotation", by}, other_key())
        .value();
  }
  const Page page = Page("vectors.md").under("Time stamp");
  return time_stamp_statement({Page("checkpoint.md").under("Vectors").block(1, true),
                               bytes_from_base64(page.block(2)).value(), by})
      .value();
}

}  // namespace

TEST_CASE(
    "vectors: every kind of record is on its page as the program makes it, and verifies from the page "
    "alone") {
  for (const std::string& heading :
       {std::string("Audit of a commit"), std::string("Verdict"), std::string("Waiver"),
        std::string("Review"), std::string("Key rotation"), std::string("Time stamp")}) {
    CAPTURE(heading);
    const std::string statement = made(heading);
    const SignedRecord record = sign_record(statement, rfc_key()).value();
    const std::string signature = base64(parse_envelope(record.envelope).value().signatures.at(0).signature);
    INFO(statement << "\n" << signature << "\n" << record.id());
    const Shown page = shown(heading);
    CHECK(page.statement == statement);
    CHECK(page.signature == signature);
    CHECK(page.id == record.id());
    // Without the program's own writers: the bytes of the page, a key of the page, and the formats in words.
    const std::string pae = "DSSEv1 28 application/vnd.in-toto+json " +
                            std::to_string(page.statement.size()) + " " + page.statement;
    CHECK(published_key().verify(pae, bytes_from_base64(page.signature).value()));
    CHECK(sha256_hex("{\"payload\":\"" + base64(page.statement) +
                     "\",\"payloadType\":\"application/vnd.in-toto+json\",\"signatures\":[{\"sig\":\"" +
                     page.signature + "\"}]}") == page.id);
    CHECK(read_statement(page.statement).has_value());
  }
}

TEST_CASE("vectors: manifest, name, run and leaf") {
  const Page page("vectors.md");
  const Page manifest = page.under(kManifestHeading);
  const auto entries = parse_manifest(manifest.block(0, true));
  REQUIRE(entries);
  CHECK(manifest_digest(*entries).value() == sha256(manifest.block(0, true)));
  CHECK(hex(manifest_digest(*entries).value()) == manifest.cell("sha256"));
  CHECK(named_subject("acme/heron").digest.at("sha256") == page.under("Name").cell("sha256"));
  const std::string run = page.under("Run").block(0);
  CHECK(canonical_json(json::parse(run)) == run);
  CHECK(sha256_hex(run) == page.under("Run").cell("sha256"));
  const Page leaf = page.under("Leaf");
  const Hash id = hash_from_hex(page.under("Waiver").cell("record id")).value();
  CHECK(leaf.block(0) == tlog::leaf_data(id));
  CHECK(leaf.cell("leaf hash") == hex(tlog::leaf_hash(leaf.block(0))));
}

TEST_CASE("vectors: a signature of P-256 verifies in DER, and as nothing else") {
  const Page page = Page("vectors.md").under("P-256");
  const PublicKey key = PublicKey::from_spki(bytes_from_base64(page.cell("SPKI, base64")).value()).value();
  CHECK(key_id(key) == page.cell("key id"));
  const std::string pae = "DSSEv1 29 http://example.com/HelloWorld 11 hello world";
  const std::string der = bytes_from_base64(page.block(0)).value();
  CHECK(key.verify(pae, der));
  const std::string raw = bytes_from_base64(page.block(1)).value();
  CHECK(raw.size() == 64);
  CHECK_FALSE(key.verify(pae, raw));
  CHECK(ecdsa_der_from_raw(raw).value() == der);
}

TEST_CASE("vectors: the stamp is by the authority on the page, at the time that the page says") {
  const Page page = Page("vectors.md").under("Time stamp");
  const std::string checkpoint = Page("checkpoint.md").under("Vectors").block(1, true);
  const auto stamp = verify_timestamp(bytes_from_base64(page.block(2)).value(), sha256(checkpoint),
                                      {page.block(3, true), ""});
  INFO((stamp ? "" : stamp.error().text()));
  REQUIRE(stamp);
  CHECK(std::to_string(stamp->time) == page.cell("seconds"));
  CHECK(stamp->trusted_id == page.cell("certificate, sha256"));
}

TEST_CASE("vectors: envelopes, keys, checkpoints, proofs and roots are on their pages") {
  const Page envelope("envelope.md");
  const PublicKey key = published_key();
  CHECK(hex(key.raw()) == envelope.cell("public key"));
  CHECK(key_id(key) == envelope.cell("key id"));
  CHECK(sigstore_hint(key) == envelope.cell("Sigstore hint"));
  CHECK(ssh_fingerprint(key) == envelope.cell("SSH fingerprint"));
  CHECK(PrivateKey::ed25519_from_seed(bytes_from_hex(envelope.cell("seed")).value()).value().public_key() ==
        key);
  const Page vectors = envelope.under("Vectors");
  CHECK(key.verify("DSSEv1 29 http://example.com/HelloWorld 11 hello world",
                   bytes_from_base64(vectors.block(0)).value()));
  CHECK(key.verify(dsse_pae(kInTotoPayloadType, vectors.block(1)),
                   bytes_from_base64(vectors.block(2)).value()));

  const Page checkpoint = Page("checkpoint.md").under("Vectors");
  const auto log = tlog::parse_vkey(checkpoint.block(0)).value();
  const auto witness =
      tlog::parse_vkey("witness.example/w1+eb762cc2+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea").value();
  const auto head = tlog::open_checkpoint(checkpoint.block(1, true), log, {witness}).value();
  CHECK(head.cosigners.size() == 1);
  CHECK(head.cosigners.front().time == 1'700'000'000U);
  CHECK(tlog::open_checkpoint(checkpoint.block(2, true), log).value().checkpoint.size == 0);

  const Page log_page = Page("log.md").under("Vectors");
  tlog::CompactRange range;
  std::vector<tlog::Node> ignored;
  CHECK(hex(range.root()) == log_page.cell("0"));
  std::uint64_t size = 0;
  for (const char* leaf :
       {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}) {
    range.append(tlog::leaf_hash(bytes_from_hex(leaf).value()), ignored);
    CHECK(hex(range.root()) == log_page.cell(std::to_string(++size)));
  }
  const auto proof = tlog::parse_proof_file(log_page.block(0, true)).value();
  const auto proven = tlog::open_checkpoint(proof.checkpoint, log).value().checkpoint;
  CHECK(tlog::verify_inclusion(tlog::leaf_hash("\x10"), proof.index, proven.size, proof.proof, proven.root));
}
