// SPDX-License-Identifier: Apache-2.0
#include "record/sign.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "crypto/dsse.h"
#include "crypto/strict_json.h"
#include "log/leaf.h"
#include "record/events.h"
#include "unit/record/support.h"

using namespace cardwarden;
using namespace cardwarden::test;
using nlohmann::json;

TEST_CASE("record: the vector of docs/formats/record.md") {
  const AuditedCard audited({about_card("model-card/license")});
  const std::string statement = audit_statement(audited.input(rfc_key())).value();
  const SignedRecord record = sign_record(statement, rfc_key()).value();
  const std::string page = read_whole_file(CARDWARDEN_SOURCE_DIR "/docs/formats/record.md").value();
  const std::string signature = base64(parse_envelope(record.envelope).value().signatures.at(0).signature);
  INFO(statement << "\n" << record.id() << "\n" << signature);
  CHECK(page.find("\n" + statement + "\n") != std::string::npos);
  CHECK(page.find("`" + record.id() + "`") != std::string::npos);
  CHECK(page.find("\n" + signature + "\n") != std::string::npos);
  CHECK(record.leaf == tlog::leaf_data(record.digest));
  CHECK(sign_record(statement, rfc_key()).value().envelope == record.envelope);
}

TEST_CASE("findings: the empty document of docs/formats/findings.md") {
  const std::string page = read_whole_file(CARDWARDEN_SOURCE_DIR "/docs/formats/findings.md").value();
  const FindingsDocument document = findings_document({});
  CHECK(page.find("`" + document.json + "`, " + std::to_string(document.ref.size) + " bytes") !=
        std::string::npos);
  CHECK(page.find("`" + hex(document.ref.digest) + "`") != std::string::npos);
}

TEST_CASE("record: one signature without key id over the statement's own bytes") {
  const SignedRecord record = sign_record("{}", other_key()).value();
  const Envelope envelope = parse_envelope(record.envelope).value();
  CHECK(envelope.payload == "{}");
  REQUIRE(envelope.signatures.size() == 1);
  CHECK(envelope.signatures[0].key_id.empty());
  CHECK(
      other_key().public_key().verify(dsse_pae(kInTotoPayloadType, "{}"), envelope.signatures[0].signature));
  CHECK(record.digest == sha256(record.envelope));
  CHECK_FALSE(sign_record(std::string(kMaxEnvelopeBytes, 'x'), other_key()).has_value());
}

TEST_CASE("record: the bundle is canonical JSON with the envelope's bytes untouched") {
  const SignedRecord record = sign_record("{}", rfc_key()).value();
  const std::string bundle = sigstore_bundle(record.envelope, rfc_key().public_key());
  const json value = parse_canonical_json(bundle).value();
  CHECK(bundle.find(record.envelope) != std::string::npos);
  CHECK(canonical_json(value["dsseEnvelope"]) == record.envelope);
  CHECK(value["mediaType"] == "application/vnd.dev.sigstore.bundle.v0.3+json");
  CHECK(value["verificationMaterial"] ==
        json{{"publicKey", {{"hint", "BuP9j9opu2CrWVV95h7bCuzbIxE0vjDnW0Vfjht5L6k="}}},
             {"tlogEntries", json::array()}});
}

TEST_CASE("record: what openssl needs is the encoding, the signature and the key") {
  const SignedRecord record = sign_record("{}", rfc_key()).value();
  const auto files = openssl_export(record.envelope, rfc_key().public_key());
  REQUIRE(files.has_value());
  REQUIRE(files->files.size() == 4);
  CHECK(files->files[0].bytes == "DSSEv1 28 application/vnd.in-toto+json 2 {}");
  CHECK(files->files[1].bytes.size() == 64);
  CHECK(PublicKey::from_pem(files->files[2].bytes).value() == rfc_key().public_key());
  CHECK(files->files[3].bytes == "{}");
  CHECK(files->command.find("pkeyutl -verify") != std::string::npos);
  CHECK_FALSE(openssl_export("no envelope", rfc_key().public_key()).has_value());
}

TEST_CASE("waiver: needs every field, and ends after it began") {
  const Waiver good{{named_subject("org/model")},
                    "model-card/license",
                    "team:ml",
                    "person:42",
                    "GOV-7",
                    "A licence is being chosen.",
                    1'800'000'000,
                    provenance(rfc_key())};
  const json predicate = parse_canonical_json(waiver_statement(good).value()).value()["predicate"];
  CHECK(predicate["expiresAt"] == "2027-01-15T08:00:00Z");
  CHECK(predicate["rule"] == "model-card/license");
  for (std::string Waiver::*field :
       {&Waiver::rule, &Waiver::owner, &Waiver::approver, &Waiver::ticket, &Waiver::reason}) {
    Waiver bad = good;
    (bad.*field).clear();
    CHECK_FALSE(waiver_statement(bad).has_value());
    bad.*field = std::string(5000, 'x');
    CHECK_FALSE(waiver_statement(bad).has_value());
  }
  Waiver late = good;
  late.expires = good.provenance.finished;
  CHECK_FALSE(waiver_statement(late).has_value());
}

TEST_CASE("review: names the record that it judges") {
  const Review good{
      {named_subject("org/model")}, std::string(64, 'c'), Decision::approved, "person:42", "Fine.",
      provenance(rfc_key())};
  const json predicate = parse_canonical_json(review_statement(good).value()).value()["predicate"];
  CHECK(predicate["decision"] == "approved");
  CHECK(predicate["record"]["digest"]["sha256"] == std::string(64, 'c'));
  Review bad = good;
  bad.record_id = "c";
  CHECK_FALSE(review_statement(bad).has_value());
}

TEST_CASE("key rotation: the new key signs the predicate, so that it must be there") {
  const KeyRotation good{"record", 1'700'000'100, 1'700'086'500, "rotation", provenance(rfc_key())};
  const json statement = parse_canonical_json(key_rotation_statement(good, other_key()).value()).value();
  json predicate = statement["predicate"];
  const std::string proof = bytes_from_base64(predicate["newKeySignature"].get<std::string>()).value();
  predicate.erase("newKeySignature");
  const PublicKey key =
      PublicKey::from_spki(bytes_from_base64(predicate["newKey"]["spki"].get<std::string>()).value()).value();
  CHECK(key == other_key().public_key());
  CHECK(key.verify(dsse_pae(kRotationProofType, canonical_json(predicate)), proof));
  CHECK_FALSE(key_rotation_statement(good, rfc_key()).has_value());
  KeyRotation bad = good;
  bad.role = "all";
  CHECK_FALSE(key_rotation_statement(bad, other_key()).has_value());
  bad = good;
  bad.old_valid_to = good.valid_from - 1;
  CHECK_FALSE(key_rotation_statement(bad, other_key()).has_value());
}

TEST_CASE("subject: a name's digest is over the name and its own domain") {
  CHECK(named_subject("org/model").digest.at("sha256") == hex(sha256("cardwarden-subject/1\norg/model")));
}
