// SPDX-License-Identifier: Apache-2.0
#include "repository/ssh_signature.h"

#include <catch2/catch.hpp>

#include "crypto/bytes.h"
#include "support/git.h"

using namespace cardwarden;
using cardwarden::testing::GitRepository;

namespace {

std::vector<AllowedSigner> signers_of(const std::string& text) {
  const auto read = parse_allowed_signers(text, "allowed");
  REQUIRE(read);
  return *read;
}

// A repository whose commits are signed with a fresh key of the type. `line` is its public key.
struct Signed {
  GitRepository made;
  std::string line;
  explicit Signed(const std::string& type, const std::string& bits = "") {
    std::vector<std::string> words = {"ssh-keygen", "-q", "-t",      type, "-N",
                                      "",           "-C", "comment", "-f", made.scratch() / "key"};
    if (!bits.empty()) words.insert(words.end(), {"-b", bits});
    REQUIRE(testing::run_program(words, made.scratch().path()).code == 0);
    line = testing::run_program({"cat", "key.pub"}, made.scratch().path()).out;
    made.git({"config", "gpg.format", "ssh"});
    made.git({"config", "user.signingkey", made.scratch() / "key"});
  }
  std::string commit() { return made.commit("signed", {"-S"}); }
  SignatureReport check(const std::string& commit, const std::vector<AllowedSigner>& signers) {
    auto repository = Repository::open(made.path());
    REQUIRE(repository);
    auto report = check_commit_signature(*repository, *ObjectId::from_hex(commit), signers);
    REQUIRE(report);
    return *report;
  }
};

// SIGNING test vector: RFC 8032's first key, namespace git, "hello world\n".
const std::string kBlob =
    "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAg11qYAYKxCrfVS/"
    "7TyWQHOg7hcvPapiMlrwIaaPcHURoAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5AAAAQJH6Y0SrlGwpLL1By+"
    "Bmydttq/"
    "DXQwAX8VoWQIzaSYo3+x54cvvMTN4OnlKOZOo8Uvd+cGuehcM5BQKTqsYy2gs=";
std::string armored(const std::string& blob) {
  return "-----BEGIN SSH SIGNATURE-----\n" + blob + "\n-----END SSH SIGNATURE-----\n";
}

}  // namespace

TEST_CASE("ssh signature: the published vector holds, and its key is shown by fingerprint") {
  const auto report = check_ssh_signature(armored(kBlob), "hello world\n", "git", {}, 0);
  CHECK(report.verdict == SignatureVerdict::untrusted);
  CHECK(report.key_type == "ssh-ed25519");
  CHECK(report.fingerprint == "SHA256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU8");
  CHECK(check_ssh_signature(armored(kBlob), "hello world", "git", {}, 0).verdict == SignatureVerdict::bad);
  CHECK(check_ssh_signature(armored(kBlob), "hello world\n", "file", {}, 0).verdict == SignatureVerdict::bad);
}

TEST_CASE("ssh signature: no changed bit of a signature holds") {
  const std::string blob = bytes_from_base64(kBlob).value();
  for (std::size_t bit = 0; bit < blob.size() * 8; ++bit) {
    std::string changed = blob;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    const auto verdict = check_ssh_signature(armored(base64(changed)), "hello world\n", "git", {}, 0).verdict;
    INFO(bit);
    CHECK((verdict == SignatureVerdict::malformed || verdict == SignatureVerdict::bad ||
           verdict == SignatureVerdict::not_checked));
  }
  for (std::size_t cut = 0; cut < blob.size(); ++cut) {
    CHECK(check_ssh_signature(armored(base64(blob.substr(0, cut))), "hello world\n", "git", {}, 0).verdict ==
          SignatureVerdict::malformed);
  }
  CHECK(check_ssh_signature(armored(base64(blob + "x")), "hello world\n", "git", {}, 0).verdict ==
        SignatureVerdict::malformed);
  CHECK(
      check_ssh_signature("-----BEGIN SSH SIGNATURE-----\n" + kBlob, "hello world\n", "git", {}, 0).verdict ==
      SignatureVerdict::malformed);
}

TEST_CASE("ssh signature: commits that git signed are good for keys that are allowed, of each type") {
  for (const auto& [type, bits] :
       {std::pair("ed25519", ""), std::pair("rsa", "2048"), std::pair("ecdsa", "256"),
        std::pair("ecdsa", "384"), std::pair("ecdsa", "521")}) {
    INFO(type << " " << bits);
    Signed repository(type, bits);
    for (int i = 0; i < 4; ++i) {  // numbers of ECDSA differ in length
      const std::string commit = repository.commit();
      const auto good = repository.check(commit, signers_of("ada@example.org " + repository.line));
      INFO(good.reason);
      CHECK(good.verdict == SignatureVerdict::good);
      CHECK(good.principals == std::vector<std::string>{"ada@example.org"});
      CHECK(repository.check(commit, {}).verdict == SignatureVerdict::untrusted);
    }
  }
}

TEST_CASE("ssh signature: a commit that was changed after it was signed is bad") {
  Signed repository("ed25519");
  repository.commit();
  std::string bytes = repository.made.git({"cat-file", "commit", "HEAD"}) + "\n";
  bytes.replace(bytes.find("Ada Author"), 3, "Eve");
  const std::string forged = repository.made.git({"hash-object", "-t", "commit", "-w", "--stdin"}, bytes);
  CHECK(repository.check(forged, signers_of("a " + repository.line)).verdict == SignatureVerdict::bad);
}

TEST_CASE("ssh signature: the line of a key restricts namespace and time") {
  Signed repository("ed25519");
  repository.made.set_time(1'700'000'000);  // 2023-11-14
  const std::string commit = repository.commit();
  const auto verdict = [&](const std::string& options) {
    return repository.check(commit, signers_of("a,b " + options + repository.line)).verdict;
  };
  CHECK(verdict("") == SignatureVerdict::good);
  CHECK(verdict("namespaces=\"git\" ") == SignatureVerdict::good);
  CHECK(verdict("namespaces=\"file,g*\" ") == SignatureVerdict::good);
  CHECK(verdict("namespaces=\"file\" ") == SignatureVerdict::untrusted);
  CHECK(verdict("valid-after=\"20231114\" ") == SignatureVerdict::good);
  CHECK(verdict("valid-after=\"20231115\" ") == SignatureVerdict::untrusted);
  CHECK(verdict("valid-before=\"20231114\" ") == SignatureVerdict::untrusted);
  CHECK(verdict("valid-before=\"20231115Z\",namespaces=\"git\" ") == SignatureVerdict::good);
  CHECK(verdict("valid-after=\"20231114231320\" ") == SignatureVerdict::good);
  CHECK(verdict("valid-after=\"20231114231321\" ") == SignatureVerdict::untrusted);
  CHECK(verdict("cert-authority ") == SignatureVerdict::untrusted);
}

TEST_CASE("ssh signature: signed and plain tags") {
  Signed repository("ed25519");
  repository.commit();
  repository.made.git({"tag", "-s", "-m", "release", "v1"});
  repository.made.git({"tag", "-a", "-m", "plain", "v2"});
  auto opened = Repository::open(repository.made.path());
  REQUIRE(opened);
  const auto signers = signers_of("a " + repository.line);
  const auto check = [&](const char* name) {
    return check_tag_signature(*opened, *ObjectId::from_hex(repository.made.git({"rev-parse", name})),
                               signers)
        .value();
  };
  CHECK(check("v1").verdict == SignatureVerdict::good);
  CHECK(check("v2").verdict == SignatureVerdict::absent);
}

TEST_CASE("ssh signature: OpenPGP and X.509 are present and not checked") {
  GitRepository made;
  made.commit("one");
  auto opened = Repository::open(made.path());
  REQUIRE(opened);
  const std::string bytes = made.git({"cat-file", "commit", "HEAD"}) + "\n";
  for (const auto& [armor, kind] : {std::pair("-----BEGIN PGP SIGNATURE-----", SignatureKind::pgp),
                                    std::pair("-----BEGIN SIGNED MESSAGE-----", SignatureKind::x509)}) {
    std::string changed = bytes;
    changed.insert(changed.find("\n\n") + 1, "gpgsig " + std::string(armor) + "\n x\n");
    const std::string id = made.git({"hash-object", "-t", "commit", "-w", "--stdin"}, changed);
    const auto report = check_commit_signature(*opened, *ObjectId::from_hex(id), {});
    REQUIRE(report);
    CHECK(report->verdict == SignatureVerdict::not_checked);
    CHECK(report->kind == kind);
  }
}

TEST_CASE("allowed signers: what cannot be read is an error at its line") {
  CHECK(signers_of("# comment\n\n").empty());
  const std::string key = "ssh-ed25519 AAAA";
  CHECK(
      signers_of("*@a.org,!eve@a.org namespaces=\"git\" " + key + " comment words\n")[0].principals.size() ==
      2);
  for (const std::string& bad :
       std::vector<std::string>{"a", "a " + key.substr(0, 11), "a ssh-ed25519 !!!", "a unknown=\"1\" " + key,
                                "a valid-after=\"2023\" " + key, "a valid-after=\"20231399\" " + key,
                                "a namespaces=\"\" " + key}) {
    INFO(bad);
    const auto read = parse_allowed_signers("# one\n" + bad + "\n", "allowed");
    REQUIRE_FALSE(read);
    CHECK(read.error().where == "allowed:2");
  }
}
