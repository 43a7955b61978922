// SPDX-License-Identifier: Apache-2.0
// Vectors: RFC 8032 section 7.1, DSSE protocol.md, and docs/formats/envelope.md.
#include <catch2/catch.hpp>
#include <string>

#include "crypto/bytes.h"
#include "crypto/dsse.h"
#include "crypto/private_key.h"

using namespace cardwarden;

namespace {

constexpr const char* kSeed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
constexpr const char* kHelloType = "http://example.com/HelloWorld";

PrivateKey test_key() { return PrivateKey::ed25519_from_seed(bytes_from_hex(kSeed).value()).value(); }
PrivateKey p256_key() { return PrivateKey::p256_from_seed(std::string(40, '\x5a')).value(); }

// The key of protocol.md: its X and Y in hexadecimal, behind the SPKI of P-256.
PublicKey dsse_key() {
  return PublicKey::from_spki(
             bytes_from_hex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"
                            "67cd390f77aa359cb08c2235f652270493a9ed832b0abcc01f70954c0390d238"
                            "0c782bd54e269125a44f4433aff1432ce94e12bca73aa67ac80cea12608ddf74")
                 .value())
      .value();
}

}  // namespace

TEST_CASE("key: RFC 8032 test 1 has its public key, SPKI and all its names") {
  const PublicKey key = test_key().public_key();
  CHECK(hex(key.raw()) == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  CHECK(base64(key.spki()) == "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
  CHECK(key_id(key) == "06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9");
  CHECK(sigstore_hint(key) == "BuP9j9opu2CrWVV95h7bCuzbIxE0vjDnW0Vfjht5L6k=");
  CHECK(pem_digest(key) == "7f2d9ed0b71b8e5a6c5cf30e647d6e20b5bca6dac8071f11abe3fef8014db610");
  CHECK(ssh_fingerprint(key) == "SHA256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU8");
  CHECK(PublicKey::from_pem(key.pem()).value() == key);
  CHECK(PublicKey::from_ed25519(key.raw()).value() == key);
  CHECK(to_string(key.algorithm()) == "ed25519");
}

TEST_CASE("key: RFC 8032 test 1 signs the empty message") {
  CHECK(hex(test_key().sign("").value()) ==
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b");
}

TEST_CASE("key: P-256 keys come from the seed, sign with DER, and are found in their PEM") {
  const PrivateKey key = p256_key();
  CHECK(p256_key().public_key() == key.public_key());
  CHECK(key.public_key().spki().size() == 91);
  CHECK(key.public_key().raw().size() == 65);
  CHECK(PublicKey::from_pem(key.public_key().pem()).value() == key.public_key());
  const std::string signature = key.sign("message").value();
  CHECK(key.public_key().verify("message", signature));
  CHECK_FALSE(key.public_key().verify("messagf", signature));
  CHECK_FALSE(test_key().public_key().verify("message", signature));
  // The largest seed does not leave the range of the order.
  CHECK(PrivateKey::p256_from_seed(std::string(40, '\xff')).value().sign("x").has_value());
  CHECK(PrivateKey::p256_from_seed(std::string(40, '\0')).value().sign("x").has_value());
}

TEST_CASE("key: every flipped bit of message or signature fails, and every other length") {
  for (const PrivateKey& key : {test_key(), p256_key()}) {
    const std::string message = "what was signed";
    const std::string signature = key.sign(message).value();
    REQUIRE(key.public_key().verify(message, signature));
    for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
      std::string other = signature;
      other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
      CAPTURE(bit);
      CHECK_FALSE(key.public_key().verify(message, other));
    }
    for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
      std::string other = message;
      other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
      CHECK_FALSE(key.public_key().verify(other, signature));
    }
    for (std::size_t size = 0; size < signature.size(); ++size) {
      CHECK_FALSE(key.public_key().verify(message, signature.substr(0, size)));
    }
    CHECK_FALSE(key.public_key().verify(message, signature + std::string(1, '\0')));
    CHECK_FALSE(key.public_key().verify(message, std::string(1000, 'x')));
  }
}

TEST_CASE("key: an encoding that is not the one of its key is refused") {
  const std::string spki = test_key().public_key().spki();
  CHECK_FALSE(PublicKey::from_spki("").has_value());
  CHECK_FALSE(PublicKey::from_spki(spki.substr(0, 43)).has_value());
  CHECK_FALSE(PublicKey::from_spki(spki + "x").has_value());
  CHECK_FALSE(PublicKey::from_spki(std::string(5000, '0')).has_value());
  CHECK_FALSE(PublicKey::from_ed25519("short").has_value());
  // The compressed form of a P-256 point is another encoding of the same key.
  const std::string point = p256_key().public_key().raw();
  const std::string compressed =
      bytes_from_hex("3039301306072a8648ce3d020106082a8648ce3d030107032200").value() +
      std::string(1, (point[64] & 1) != 0 ? '\3' : '\2') + point.substr(1, 32);
  CHECK_FALSE(PublicKey::from_spki(compressed).has_value());
}

TEST_CASE("key: a P-384 key is refused by name") {
  // openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 | openssl pkey -pubout
  const auto key = PublicKey::from_spki(
      bytes_from_base64(
          "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE7tRFq/d+8W+cHMsi4HhPZdFPIcLhuAMc9XJ91ccnkZICEkRHL/2KMwpP9WcFOa8+"
          "rtY8av3/KvCVqfLZiLOMaY1OJPw/UHlZi664F57wJ8k1gYJSNvuGtTl5fWV2Khao")
          .value());
  REQUIRE_FALSE(key.has_value());
  CHECK(key.error().message.find("neither Ed25519 nor ECDSA P-256") != std::string::npos);
}

TEST_CASE("key file: scrypt under a passphrase; the same chance gives the same file") {
  for (const PrivateKey& key : {test_key(), p256_key()}) {
    const std::string salt(16, 's');
    const std::string iv(16, 'i');
    const std::string text = key.to_pem("correct horse", salt, iv).value();
    CHECK(text == key.to_pem("correct horse", salt, iv).value());
    CHECK(text.find("-----BEGIN ENCRYPTED PRIVATE KEY-----") == 0);
    // 1.3.6.1.4.1.11591.4.11, the object identifier of scrypt (RFC 7914 section 7).
    const std::string der = bytes_from_pem("ENCRYPTED PRIVATE KEY", text).value();
    CHECK(der.find(bytes_from_hex("2b06010401da47040b").value()) != std::string::npos);
    CHECK(PrivateKey::from_pem(text, "correct horse").value().public_key() == key.public_key());
    CHECK_FALSE(PrivateKey::from_pem(text, "wrong horse").has_value());
    CHECK_FALSE(PrivateKey::from_pem(text, "").has_value());
    CHECK_FALSE(PrivateKey::from_pem(text.substr(0, text.size() / 2), "correct horse").has_value());
    CHECK_FALSE(key.to_pem("short", salt, iv).has_value());
    CHECK_FALSE(key.to_pem("correct horse", "salt", iv).has_value());
    CHECK_FALSE(key.to_pem("correct horse", salt, iv, {.n = 3, .r = 8, .p = 1}).has_value());
  }
}

TEST_CASE("key file: a key without a passphrase is refused with the command that gives it one") {
  const auto read = PrivateKey::from_pem(
      "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
      "-----END PRIVATE KEY-----\n",
      "");
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().code == ErrorCode::usage);
  CHECK(read.error().message.find("openssl pkcs8 -topk8 -scrypt") != std::string::npos);
}

TEST_CASE("DSSE: the encoding and the signature of protocol.md, whose raw form is no DER") {
  CHECK(dsse_pae(kHelloType, "hello world") == "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  const std::string raw =
      bytes_from_base64(
          "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==")
          .value();
  const std::string pae = dsse_pae(kHelloType, "hello world");
  CHECK_FALSE(dsse_key().verify(pae, raw));
  CHECK(dsse_key().verify(pae, ecdsa_der_from_raw(raw).value()));
  CHECK_FALSE(ecdsa_der_from_raw(raw.substr(1)).has_value());
  CHECK(dsse_pae("", "") == "DSSEv1 0  0 ");
  CHECK(dsse_pae("é", "") == "DSSEv1 2 é 0 ");
}

TEST_CASE("DSSE: the vectors of docs/formats/envelope.md") {
  const PrivateKey key = test_key();
  CHECK(base64(key.sign(dsse_pae(kHelloType, "hello world")).value()) ==
        "4DHX3Zn4qpBKvEj7maE8O9u9bjXEnPLLnyXVUJ2PXJR8DSLcL3QDpFvfJOj3pB/SPHsl6Jg4boxsMb6KvuYABw==");
  const std::string body =
      R"({"_type":"https://in-toto.io/Statement/v1","predicate":{"configuration":[],"result":"PASSED"},"predicateType":"https://in-toto.io/attestation/test-result/v0.1","subject":[{"digest":{"gitCommit":"d20ace7968ba43c0219f62d71334c1095bab1602"}}]})";
  REQUIRE(body.size() == 240);
  CHECK(hex(sha256(body)) == "fd31403825250a27a305c25bb77dc0e9be99a6a9b97625814e6bb26f4573f53b");
  const std::string pae = dsse_pae(kInTotoPayloadType, body);
  CHECK(hex(sha256(pae)) == "1b3d4cc254220fc041c5cb60c2bcdde31bf7ecf254b47192a142e38b1bab7907");
  CHECK(base64(key.sign(pae).value()) ==
        "l/QQophZIzVTTZyWS65Ske0jA/sTGGDvS2/UOeB8a26HXUIJKjbKrTm7kSGllUjOLDuohJ8rdwCzw6AOpHDKCQ==");
}

TEST_CASE("DSSE: an envelope comes back, in either base64 alphabet, with members that nobody knows") {
  const Envelope envelope{"application/x", std::string("\xfb\xff\x00", 3), {{"", "\xff\xfe"}, {"k", "s"}}};
  const std::string text = envelope_json(envelope);
  CHECK(
      text ==
      R"({"payload":"+/8A","payloadType":"application/x","signatures":[{"sig":"//4="},{"keyid":"k","sig":"cw=="}]})");
  const auto read = parse_envelope(text).value();
  CHECK(read.payload == envelope.payload);
  CHECK(read.signatures.at(1).key_id == "k");
  const auto other = parse_envelope(
      R"({"payload":"-_8A","payloadType":"application/x","future":[1],"signatures":[{"sig":"__4","keyid":null,"x":0}]})");
  REQUIRE(other.has_value());
  CHECK(other->payload == envelope.payload);
  CHECK(other->signatures.at(0).signature == "\xff\xfe");
}

TEST_CASE("DSSE: an envelope that says two things, or nothing, is refused") {
  for (const char* text :
       {R"({"payload":"","payloadType":"a","signatures":[]})", R"({"payload":"","signatures":[{"sig":""}]})",
        R"({"payload":"","payload":"YQ==","payloadType":"a","signatures":[{"sig":""}]})",
        R"({"payload":"*","payloadType":"a","signatures":[{"sig":""}]})",
        R"({"payload":"","payloadType":"a","signatures":[{"sig":"YQ==","keyid":1}]})",
        R"({"payload":"","payloadType":"a","signatures":[1]})", R"([])", R"("x")"}) {
    INFO(text);
    CHECK_FALSE(parse_envelope(text).has_value());
  }
}
