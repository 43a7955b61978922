// SPDX-License-Identifier: Apache-2.0
#include "repository/object.h"

#include <catch2/catch.hpp>

using namespace cardwarden;

namespace {

constexpr const char* kId = "8ab686eafeb1f44702738c8b0f24f2567c36da6d";

std::string entry(std::string_view mode, std::string_view name) {
  return std::string(mode) + " " + std::string(name) + std::string(1, '\0') + std::string(20, 'i');
}

std::string commit_text(std::string_view headers) {
  return "tree " + std::string(kId) + "\n" + std::string(headers) + "\nSubject\n\nBody\n";
}

}  // namespace

TEST_CASE("object: an id is forty lower-case digits and nothing else") {
  REQUIRE(ObjectId::from_hex(kId));
  CHECK(ObjectId::from_hex(kId)->hex() == kId);
  CHECK_FALSE(ObjectId::from_hex(std::string(39, 'a')));
  CHECK_FALSE(ObjectId::from_hex(std::string(41, 'a')));
  CHECK_FALSE(ObjectId::from_hex(std::string(40, 'A')));
  CHECK_FALSE(ObjectId::from_hex(std::string(40, 'g')));
}

TEST_CASE("object: a tree gives its entries with their kinds") {
  const std::string tree = entry("100644", "a") + entry("100755", "b") + entry("120000", "c") +
                           entry("160000", "d") + entry("40000", "e") + entry("100600", "f") +
                           entry("100664", "g") + entry("0", "h");
  const auto entries = parse_tree(tree);
  REQUIRE(entries);
  REQUIRE(entries->size() == 8);
  const EntryKind kinds[] = {EntryKind::file,      EntryKind::executable, EntryKind::symlink,
                             EntryKind::submodule, EntryKind::folder,     EntryKind::odd,
                             EntryKind::file,      EntryKind::odd};
  for (std::size_t i = 0; i < 8; ++i) CHECK((*entries)[i].kind() == kinds[i]);
  CHECK((*entries)[4].name == "e");
}

TEST_CASE("object: a malformed tree is an error, wherever it breaks") {
  const std::string tree = entry("100644", "a") + entry("40000", "folder");
  for (std::size_t cut = 1; cut < tree.size(); ++cut) {
    const auto entries = parse_tree(std::string_view(tree).substr(0, cut));
    CHECK(entries.has_value() == (cut == entry("100644", "a").size()));
  }
  CHECK_FALSE(parse_tree(entry("100644", "")));
  CHECK_FALSE(parse_tree(entry("100644", "a/b")));
  CHECK_FALSE(parse_tree(entry("10064x", "a")));
  CHECK_FALSE(parse_tree(entry("100000000644", "a")));
}

TEST_CASE("object: a commit gives tree, parents, people and message") {
  const auto commit =
      parse_commit(commit_text("parent " + std::string(kId) + "\nparent " + std::string(40, '1') +
                               "\nauthor Ada <ada@example.org> 1700000000 +0530\n"
                               "committer Cem O. <> 1700000001 -0800\n"));
  REQUIRE(commit);
  CHECK(commit->tree.hex() == kId);
  CHECK(commit->parents.size() == 2);
  CHECK(commit->author.name == "Ada");
  CHECK(commit->author.email == "ada@example.org");
  CHECK(commit->author.time == 1700000000);
  CHECK(commit->author.zone_minutes == 330);
  CHECK(commit->committer.name == "Cem O.");
  CHECK(commit->committer.zone_minutes == -480);
  CHECK(commit->message == "Subject\n\nBody\n");
  CHECK(commit->signature_kind == SignatureKind::none);
}

TEST_CASE("object: odd people and dates are read as far as they go") {
  const auto commit =
      parse_commit(commit_text("author A <b> <c@d> 99999999999999999999999 +0000\n"
                               "committer nobody\n"));
  REQUIRE(commit);
  CHECK(commit->author.email == "b> <c@d");
  CHECK_FALSE(commit->author.time_valid);
  CHECK(commit->committer.name == "nobody");
  CHECK_FALSE(commit->committer.time_valid);
  CHECK(parse_commit(commit_text("author A <b> 1 +9999\n"))->author.zone_minutes == 0);
}

TEST_CASE("object: a commit without a tree or with a broken parent is an error") {
  CHECK_FALSE(parse_commit(""));
  CHECK_FALSE(parse_commit("tree 12\n\n"));
  CHECK_FALSE(parse_commit(commit_text("parent 12\n")));
  std::string many;
  for (std::size_t i = 0; i <= kMaxParents; ++i) many += "parent " + std::string(kId) + "\n";
  const auto refused = parse_commit(commit_text(many));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::too_large);
}

TEST_CASE("object: a commit's signature is unfolded, and what it covers has no gpgsig header at all") {
  const std::string plain = commit_text("author A <b> 1 +0000\n");
  const std::string armor = "-----BEGIN SSH SIGNATURE-----\n U1NI\n -----END SSH SIGNATURE-----\n";
  const std::string with = commit_text("author A <b> 1 +0000\ngpgsig-sha256 -----BEGIN X\n y\ngpgsig " +
                                       armor + "gpgsig-foo bar\n");
  const auto commit = parse_commit(with);
  REQUIRE(commit);
  CHECK(commit->signature == "-----BEGIN SSH SIGNATURE-----\nU1NI\n-----END SSH SIGNATURE-----\n");
  CHECK(commit->signature_kind == SignatureKind::ssh);
  CHECK(signed_bytes_of_commit(with) == plain);
  CHECK(signed_bytes_of_commit(plain) == plain);
  // What looks like the header in the message stays.
  const std::string message = commit_text("author A <b> 1 +0000\n") + "gpgsig is a header\n";
  CHECK(signed_bytes_of_commit(message) == message);
}

TEST_CASE("object: the armor tells the kind of a signature") {
  CHECK(signature_kind("-----BEGIN PGP SIGNATURE-----\n") == SignatureKind::pgp);
  CHECK(signature_kind("-----BEGIN PGP MESSAGE-----\n") == SignatureKind::pgp);
  CHECK(signature_kind("-----BEGIN SIGNED MESSAGE-----\n") == SignatureKind::x509);
  CHECK(signature_kind("-----BEGIN SSH SIGNATURE-----\n") == SignatureKind::ssh);
  CHECK(signature_kind("whatever") == SignatureKind::unknown);
  CHECK(signature_kind("") == SignatureKind::none);
}

TEST_CASE("object: a tag's signature is cut off its message") {
  const std::string body =
      "object " + std::string(kId) + "\ntype commit\ntag v1\ntagger A <b> 5 +0000\n\nRelease\n";
  const auto tag = parse_tag(body + "-----BEGIN PGP SIGNATURE-----\nx\n-----END PGP SIGNATURE-----\n");
  REQUIRE(tag);
  CHECK(tag->target.hex() == kId);
  CHECK(tag->name == "v1");
  CHECK(tag->tagger.time == 5);
  CHECK(tag->message == "Release\n");
  CHECK(tag->signature_kind == SignatureKind::pgp);
  CHECK(signed_bytes_of_tag(body + "-----BEGIN SSH SIGNATURE-----\nx\n") == body);
  CHECK(parse_tag(body)->signature_kind == SignatureKind::none);
  CHECK_FALSE(parse_tag("object x\n"));
  CHECK_FALSE(parse_tag("object " + std::string(kId) + "\ntype weight\n"));
}
