// SPDX-License-Identifier: Apache-2.0
// Vectors: C2SP signed-note, golang/mod sumdb/note, and docs/formats/checkpoint.md.
#include "log/note.h"

#include <catch2/catch.hpp>
#include <string>

#include "crypto/bytes.h"
#include "log/checkpoint.h"
#include "log/merkle.h"
#include "log/note_sign.h"

using namespace cardwarden;
using namespace cardwarden::tlog;

namespace {

const std::string kDash = "\xE2\x80\x94 ";
const std::string kPeterKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const std::string kEnochKey = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const std::string kText =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const std::string kPeterLine =
    kDash +
    "PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const std::string kEnochLine =
    kDash +
    "EnochRoot "
    "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

PrivateKey test_key() {  // RFC 8032 section 7.1, test 1
  return PrivateKey::ed25519_from_seed(
             bytes_from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").value())
      .value();
}

NoteKey vkey(const std::string& text) { return parse_vkey(text).value(); }

Result<std::vector<VerifiedSignature>> open(const std::string& note, const std::vector<NoteKey>& keys) {
  return parse_note(note).and_then([&keys](const Note& parsed) { return verify_note(parsed, keys); });
}

Checkpoint three_leaves() {
  return {"audit.example/log1",
          3,
          hash_from_hex("aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77").value(),
          {}};
}

const std::string kLogKey = "audit.example/log1+5b593d9c+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
const std::string kWitnessKey = "witness.example/w1+eb762cc2+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
const std::string kSizeThree =
    "audit.example/log1\n3\nrra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=\n\n" + kDash +
    "audit.example/log1 "
    "W1k9nAd7Dhl3ZwdB48XMB/GIYdKvFw03W4p3JxYWR0N8DfLF1YGqzQNIx+58090DvgRJzeeXdVbs3GGb0yDBiudimQ0=\n";
const std::string kCosignature =
    kDash +
    "witness.example/w1 "
    "63YswgAAAABlU/"
    "EAEtPJRnRhD0haFsgVBZM3YlF2HdZ5NozhJl6bHRfHh8Q1XVa9ot4l+4rLjuYmiaoiSY9L1KTGggjcAkdFUa5eDw==\n";

}  // namespace

TEST_CASE("note: the example of the specification") {
  const std::string note =
      "This is an example message.\n\n" + kDash +
      "example.com/foo "
      "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
  const NoteKey key = vkey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
  CHECK(open(note, {key}).value().size() == 1);
  CHECK(note_text(parse_note(note).value()) == note);
}

TEST_CASE("note key: every part, every changed character and every wrong length is refused") {
  CHECK(vkey_text(vkey(kPeterKey)) == kPeterKey);
  for (std::size_t begin = 0; begin <= kPeterKey.size(); ++begin) {
    for (std::size_t end = begin + 1; end <= kPeterKey.size(); ++end) {
      if (begin == 0 && end == kPeterKey.size()) continue;
      CHECK_FALSE(parse_vkey(kPeterKey.substr(begin, end - begin)).has_value());
    }
  }
  for (std::size_t at = 0; at < kPeterKey.size(); ++at) {
    std::string other = kPeterKey;
    ++other[at];
    INFO(other);
    CHECK_FALSE(parse_vkey(other).has_value());
  }
  CHECK_FALSE(
      parse_vkey("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==").has_value());
  CHECK_FALSE(parse_vkey("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").has_value());
}

TEST_CASE("note: a private key of Go's tools signs as it does there") {
  const std::string text = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
  const auto key = parse_note_private_key(text);
  REQUIRE(key.has_value());
  Note note{kText, {sign_note(kText, key->name, key->key).value()}};
  CHECK(note_text(note) == kText + "\n" + kPeterLine);
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string other = text;
    ++other[at];
    CHECK_FALSE(parse_note_private_key(other).has_value());
    CHECK_FALSE(parse_note_private_key(text.substr(at + 1)).has_value());
    CHECK_FALSE(parse_note_private_key(text.substr(0, at)).has_value());
  }
}

TEST_CASE("note: unknown keys are passed over, and one known key at least must have signed") {
  const std::string both = kText + "\n" + kPeterLine + kEnochLine;
  CHECK(open(both, {vkey(kPeterKey)}).value().size() == 1);
  CHECK(open(both, {vkey(kPeterKey), vkey(kEnochKey)}).value().size() == 2);
  CHECK(open(both, {vkey(kPeterKey), vkey(kPeterKey)}).value().size() == 1);
  CHECK(open(both, {}).error().code == ErrorCode::not_found);
  CHECK(open(kText + "\n" + kPeterLine + kPeterLine, {vkey(kPeterKey)}).value().size() == 1);
  // A line with the name of a known key and another id is by another key.
  std::string misnamed = kPeterLine;
  misnamed.replace(misnamed.find("x08g"), 4, "xxxx");
  CHECK(open(kText + "\n" + misnamed, {vkey(kPeterKey)}).error().code == ErrorCode::not_found);
}

TEST_CASE("note: a bad signature by a known key spoils the note, beside a good one too") {
  std::string bad = kEnochLine;
  bad[40] = bad[40] == 'A' ? 'B' : 'A';
  CHECK(open(kText + "\n" + kPeterLine + bad, {vkey(kPeterKey)}).has_value());
  CHECK_FALSE(open(kText + "\n" + kPeterLine + bad, {vkey(kPeterKey), vkey(kEnochKey)}).has_value());
  std::string longer = kPeterLine;
  longer.insert(60, "ABCD");
  CHECK_FALSE(open(kText + "\n" + longer, {vkey(kPeterKey)}).has_value());
}

TEST_CASE("note: malformed notes are refused") {
  std::string many;
  for (int i = 0; i < 101; ++i) many += kPeterLine;
  const std::string notes[] = {
      kText,
      kText + "\n",
      kText + "\n" + kPeterLine.substr(0, kPeterLine.size() - 1),
      "\x01" + kText + "\n" + kPeterLine,
      "\xff" + kText + "\n" + kPeterLine,
      "\t" + kText + "\n" + kPeterLine,
      kText + "\r\n" + kPeterLine,
      kText + "\n" + kDash +
          "Bad Name "
          "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=",
      kText + "\n" + kPeterLine + "Unexpected line.\n",
      kText + "\n" + kPeterLine + "\n",
      kText + "\n" + many,
      kText + "\n" + kDash + "a+b x08gow==\n",
      kText + "\n" + kDash + "a\xC2\xA0\x62 x08go/ZJ\n",
      kText + "\n" + kDash + "a\xE3\x80\x80\x62 x08go/ZJ\n",
      kText + "\n" + kDash + " x08go/ZJ\n",
      kText + "\n" + kDash + "ab x08gow==\n",
      kText + "\n- ab x08go/ZJ\n",
      std::string(kMaxNoteBytes + 1, 'a'),
      "",
  };
  for (const std::string& note : notes) {
    INFO(note.substr(0, 300));
    CHECK_FALSE(parse_note(note).has_value());
  }
  // The text may hold empty lines and signature lines of its own: the last empty line counts.
  const std::string inner = kText + "\n" + kPeterLine;
  CHECK(parse_note(inner + "\n" + kEnochLine).value().text == inner);
}

TEST_CASE("checkpoint: the vectors of docs/formats/checkpoint.md") {
  const PrivateKey key = test_key();
  CHECK(vkey_text(note_key("audit.example/log1", NoteKeyType::ed25519, key.public_key()).value()) == kLogKey);
  CHECK(vkey_text(note_key("witness.example/w1", NoteKeyType::cosignature, key.public_key()).value()) ==
        kWitnessKey);
  const std::string text = checkpoint_text(three_leaves()).value();
  Note note{text, {sign_note(text, "audit.example/log1", key).value()}};
  CHECK(note_text(note) == kSizeThree);
  note.signatures.push_back(cosign_note(text, "witness.example/w1", 1700000000, key).value());
  CHECK(note_text(note) == kSizeThree + kCosignature);

  const std::string empty = checkpoint_text({"audit.example/log1", 0, empty_root(), {}}).value();
  CHECK(note_text({empty, {sign_note(empty, "audit.example/log1", key).value()}}) ==
        "audit.example/log1\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n" + kDash +
            "audit.example/log1 "
            "W1k9nBTv3UYA1H9DrJ+negC85QIrFyGrD7U0EAuqij7dKyQX73Jzxfs6Tr+Q/WL+YLsCujzVCkGi5V7f60KPPBNwBAg=\n");
}

TEST_CASE("checkpoint: opened by the key of its log, with the time of the witness") {
  const auto opened = open_checkpoint(kSizeThree + kCosignature, vkey(kLogKey), {vkey(kWitnessKey)});
  REQUIRE(opened.has_value());
  CHECK(opened->checkpoint.size == 3);
  CHECK(opened->checkpoint.root == three_leaves().root);
  REQUIRE(opened->cosigners.size() == 1);
  CHECK(opened->cosigners[0].time == 1700000000U);
  CHECK(open_checkpoint(kSizeThree + kCosignature, vkey(kLogKey)).value().cosigners.empty());
  // A witness alone does not make a checkpoint, nor does a log under another origin.
  CHECK_FALSE(open_checkpoint(kSizeThree.substr(0, kSizeThree.find(kDash)) + kCosignature, vkey(kLogKey),
                              {vkey(kWitnessKey)})
                  .has_value());
  const PrivateKey key = test_key();
  const std::string text = checkpoint_text(three_leaves()).value();
  const NoteKey other = note_key("audit.example/log2", NoteKeyType::ed25519, key.public_key()).value();
  CHECK_FALSE(open_checkpoint(note_text({text, {sign_note(text, "audit.example/log2", key).value()}}), other)
                  .has_value());
}

TEST_CASE("checkpoint: every flipped bit of a signed checkpoint fails, but for the name of an unknown line") {
  for (std::size_t bit = 0; bit < kSizeThree.size() * 8; ++bit) {
    std::string other = kSizeThree;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
    CAPTURE(bit);
    CHECK_FALSE(open_checkpoint(other, vkey(kLogKey)).has_value());
  }
}

TEST_CASE("checkpoint: another text for the same head is refused") {
  const std::string root = "rra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=";
  CHECK(parse_checkpoint_text("a\n3\n" + root + "\n").has_value());
  CHECK(parse_checkpoint_text("a\n18446744073709551615\n" + root + "\nmore\n").value().extra.size() == 1);
  for (const std::string& text :
       {"a\n03\n" + root + "\n", "a\n+3\n" + root + "\n", "a\n-3\n" + root + "\n", "a\n3 \n" + root + "\n",
        "a\n18446744073709551616\n" + root + "\n", "\n3\n" + root + "\n", "a\n3\n" + root,
        "a\n3\n" + root + "\n\n", "a\n3\n" + root.substr(0, 43) + "\n", "a\n0\n" + root + "\n",
        std::string("a\n3\n"), "a\r\n3\n" + root + "\n", "a\n3\n" + root.substr(0, 42) + "d=\n",
        "a\n\n" + root + "\n"}) {
    INFO(text);
    CHECK_FALSE(parse_checkpoint_text(text).has_value());
  }
}

TEST_CASE("checkpoint: a P-256 log key signs with type 2, and a witness must be Ed25519") {
  const PrivateKey key = PrivateKey::p256_from_seed(std::string(40, 'q')).value();
  const std::string text = checkpoint_text(three_leaves()).value();
  const NoteKey log = note_key("audit.example/log1", NoteKeyType::ecdsa_p256, key.public_key()).value();
  CHECK(vkey_text(parse_vkey(vkey_text(log)).value()) == vkey_text(log));
  CHECK(open_checkpoint(note_text({text, {sign_note(text, "audit.example/log1", key).value()}}), log)
            .has_value());
  CHECK_FALSE(cosign_note(text, "w", 1, key).has_value());
  CHECK_FALSE(note_key("w", NoteKeyType::ed25519, key.public_key()).has_value());
  CHECK_FALSE(sign_note("no line end", "w", key).has_value());
  CHECK_FALSE(sign_note(text, "two words", key).has_value());
}
