// SPDX-License-Identifier: Apache-2.0
#include "repository/model_signature.h"

#include <catch2/catch.hpp>

#include "crypto/bytes.h"
#include "crypto/verifying_key.h"
#include "support/git.h"

using namespace cardwarden;
using cardwarden::testing::GitRepository;

namespace {

const std::string kOid(64, 'a');

std::string sha(std::string_view bytes) { return sha256_hex(bytes); }

using Files = std::vector<std::pair<std::string, std::string>>;  // name, digest

std::string statement(const Files& files, const std::string& more = "", const std::string& method = "files") {
  std::string all;
  std::string resources;
  for (const auto& [name, digest] : files) {
    all += bytes_from_hex(digest).value();
    resources.append(resources.empty() ? "{\"name\":\"" : ",{\"name\":\"").append(name);
    resources.append("\",\"algorithm\":\"sha256\",\"digest\":\"").append(digest).append("\"}");
  }
  return "{\"_type\":\"https://in-toto.io/Statement/"
         "v1\",\"subject\":[{\"name\":\"m\",\"digest\":{\"sha256\":\"" +
         sha(all) +
         "\"}}],\"predicateType\":\"https://model_signing/signature/v1.0\",\"predicate\":{\"resources\":[" +
         resources + "],\"serialization\":{\"method\":\"" + method + "\",\"hash_type\":\"sha256\"" + more +
         "}}}";
}

std::string bundle(const std::string& payload, const std::string& signature = "signature") {
  return "{\"mediaType\":\"application/"
         "vnd.dev.sigstore.bundle.v0.3+json\",\"verificationMaterial\":{\"publicKey\":{\"hint\":\"h\"},"
         "\"tlogEntries\":[]},\"dsseEnvelope\":{\"payload\":\"" +
         base64(payload) + "\",\"payloadType\":\"application/vnd.in-toto+json\",\"signatures\":[{\"sig\":\"" +
         base64(signature) + "\"}]}}";
}

std::string pae(const std::string& payload) {
  return "DSSEv1 28 application/vnd.in-toto+json " + std::to_string(payload.size()) + " " + payload;
}

// A repository with a card, weights by pointer and the signature.
ModelSignature check(GitRepository& made, const std::string& signature, std::string_view key = {}) {
  made.write("README.md", "card\n");
  made.write("model.safetensors", testing::lfs_pointer(kOid, 100));
  made.write(".gitattributes", "*.safetensors filter=lfs -text\n");
  made.git({"config", "filter.lfs.clean", "cat"});
  made.write("model.sig", signature);
  made.commit("signed");
  auto repository = Repository::open(made.path());
  REQUIRE(repository);
  const auto snapshot = read_snapshot(*repository, repository->resolve("HEAD").value());
  REQUIRE(snapshot);
  REQUIRE(snapshot->signatures.size() == 1);
  return check_model_signature(*repository, *snapshot, snapshot->signatures[0], key);
}

const Files kFitting = {{"README.md", sha("card\n")}, {"model.safetensors", kOid}};

}  // namespace

TEST_CASE("model signature: a manifest that fits is not called verified without a key") {
  GitRepository made;
  const auto out = check(made, bundle(statement(kFitting)));
  CHECK(out.grade == ModelSignatureGrade::signer_unknown);
  CHECK(out.resources == 2);
  CHECK(out.signer_method == "key");
  CHECK(out.key_hint == "h");
  CHECK(out.files.empty());
}

TEST_CASE("model signature: the named key decides, and any changed byte is found") {
  GitRepository made;
  const testing::Scratch keys;
  REQUIRE(testing::run_program({"openssl", "genpkey", "-algorithm", "EC", "-pkeyopt",
                                "ec_paramgen_curve:P-384", "-out", "key.pem"},
                               keys.path())
              .code == 0);
  const std::string pem =
      testing::run_program({"openssl", "pkey", "-in", "key.pem", "-pubout"}, keys.path()).out;
  const std::string payload = statement(kFitting);
  testing::write_file(keys / "pae", pae(payload));
  const auto signature =
      testing::run_program({"openssl", "dgst", "-sha384", "-sign", "key.pem", "pae"}, keys.path());
  REQUIRE(signature.code == 0);
  CHECK(check(made, bundle(payload, signature.out), pem).grade == ModelSignatureGrade::verified);
  std::string changed = signature.out;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  CHECK(check(made, bundle(payload, changed), pem).grade == ModelSignatureGrade::bad_signature);
  CHECK(check(made, bundle(payload, signature.out), "no pem").grade == ModelSignatureGrade::signer_unknown);
}

TEST_CASE("model signature: files that differ, miss or are not listed are named") {
  GitRepository made;
  const auto out = check(made, bundle(statement({{"README.md", sha("old card\n")}, {"gone.bin", kOid}})));
  CHECK(out.grade == ModelSignatureGrade::mismatch);
  REQUIRE(out.files.size() == 3);
  CHECK(out.files[0].path == "README.md");
  CHECK(out.files[0].state == SignedFileState::differs);
  CHECK(out.files[0].expected == sha("old card\n"));
  CHECK(out.files[0].found == sha("card\n"));
  CHECK(out.files[1].state == SignedFileState::missing);
  CHECK(out.files[2].path == "model.safetensors");
  CHECK(out.files[2].state == SignedFileState::unlisted);
}

TEST_CASE("model signature: paths that the signer ignores are left out and listed") {
  GitRepository made;
  const auto out = check(
      made, bundle(statement({{"README.md", sha("card\n")}}, ",\"ignore_paths\":[\"model.safetensors\"]")));
  CHECK(out.grade == ModelSignatureGrade::signer_unknown);
  CHECK(out.ignored_paths == std::vector<std::string>{"model.safetensors"});
}

TEST_CASE("model signature: shards are compared where a pointer allows it") {
  GitRepository made;
  const Files whole = {{"README.md:0:5", sha("card\n")}, {"model.safetensors:0:100", kOid}};
  CHECK(check(made, bundle(statement(whole, "", "shards"))).grade == ModelSignatureGrade::signer_unknown);
  const Files parts = {{"README.md:0:2", sha("ca")},
                       {"README.md:2:5", sha("rd\n")},
                       {"model.safetensors:0:50", kOid},
                       {"model.safetensors:50:100", kOid}};
  const auto out = check(made, bundle(statement(parts, "", "shards")));
  CHECK(out.grade == ModelSignatureGrade::signer_unknown);
  CHECK(out.not_assessable == 2);
  CHECK(check(made,
              bundle(statement({{"README.md:0:6", kOid}, {"model.safetensors:0:100", kOid}}, "", "shards")))
            .grade == ModelSignatureGrade::mismatch);
}

TEST_CASE("model signature: a manifest whose subject is another digest contradicts itself") {
  GitRepository made;
  std::string payload = statement(kFitting);
  payload.replace(payload.find("\"sha256\":\"") + 10, 4, "0000");
  const auto out = check(made, bundle(payload));
  CHECK(out.grade == ModelSignatureGrade::mismatch);
  CHECK(out.reason.find("contradicts itself") != std::string::npos);
}

TEST_CASE("model signature: what is no bundle is unparsable, with the reason") {
  GitRepository made;
  for (const std::string& text : std::vector<std::string>{
           "not json", "{}", "[]", R"({"dsseEnvelope": {"payload": "!!"}})", bundle("{}"), bundle("text"),
           bundle(R"({"predicateType":"https://model_signing/signature/v1.0","subject":[]})")}) {
    INFO(text);
    const auto out = check(made, text);
    CHECK(out.grade == ModelSignatureGrade::unparsable);
    CHECK_FALSE(out.reason.empty());
  }
}

TEST_CASE("model signature: the old predicate is read and said to be old") {
  GitRepository made;
  const auto out =
      check(made, bundle("{\"predicateType\":\"https://model_signing/Digests/"
                         "v0.1\",\"subject\":[{\"name\":\"README.md\",\"digest\":{\"sha256\":\"" +
                         sha("card\n") + "\"}},{\"name\":\"model.safetensors\",\"digest\":{\"sha256\":\"" +
                         kOid + "\"}}]}"));
  CHECK(out.legacy);
  CHECK(out.grade == ModelSignatureGrade::signer_unknown);
}
