// SPDX-License-Identifier: Apache-2.0
#include "policy/waiver.h"

#include <catch2/catch.hpp>
#include <string>

using namespace cardwarden;

namespace {

GrantedWaiver waiver(std::string id, std::string subject, std::string rule, std::uint64_t expires) {
  GrantedWaiver out;
  out.record_id = std::move(id);
  out.subject = std::move(subject);
  out.rule = std::move(rule);
  out.expires = expires;
  return out;
}

}  // namespace

TEST_CASE("waiver: it holds for its rule and subject until the second at which it expires") {
  Waivers waivers{{waiver("a", "heron", "r/one", 100)}, 99};
  CHECK(find_waiver(waivers, "r/one", {"heron", ""}).in_force != nullptr);
  CHECK(find_waiver(waivers, "r/two", {"heron", ""}).in_force == nullptr);
  CHECK(find_waiver(waivers, "r/one", {"herons", ""}).in_force == nullptr);
  waivers.now = 100;
  CHECK(find_waiver(waivers, "r/one", {"heron", ""}).in_force == nullptr);
  CHECK(find_waiver(waivers, "r/one", {"heron", ""}).expired != nullptr);
  CHECK(find_waiver(waivers, "r/two", {"heron", ""}).expired == nullptr);
}

TEST_CASE("waiver: of several the one that holds longest answers, and an expired one only when none holds") {
  Waivers waivers{
      {waiver("a", "heron", "r", 50), waiver("b", "heron", "r", 300), waiver("c", "heron", "r", 200)}, 100};
  const WaiverAnswer answer = find_waiver(waivers, "r", {"heron", ""});
  REQUIRE(answer.in_force != nullptr);
  CHECK(answer.in_force->record_id == "b");
  CHECK(answer.expired == nullptr);
  waivers.now = 400;
  CHECK(find_waiver(waivers, "r", {"heron", ""}).expired->record_id == "b");
}

TEST_CASE("waiver: one of certain bytes holds for these bytes only") {
  Waivers waivers{{waiver("a", "heron", "r", 200)}, 100};
  waivers.granted[0].sha256 = "11";
  CHECK(find_waiver(waivers, "r", {"heron", "11"}).in_force != nullptr);
  CHECK(find_waiver(waivers, "r", {"heron", "22"}).in_force == nullptr);
  CHECK(find_waiver(waivers, "r", {"heron", ""}).in_force == nullptr);
}

TEST_CASE("waiver: a record names those in force for its subjects, each once and sorted") {
  const Waivers waivers{
      {waiver("c", "heron", "r", 200), waiver("a", "gull", "r", 200), waiver("a", "heron", "r", 200),
       waiver("b", "heron", "r", 100), waiver("d", "tern", "r", 200)},
      100};
  CHECK(waivers_in_force(waivers, {{"heron", ""}, {"gull", ""}}) == std::vector<std::string>{"a", "c"});
  CHECK(waivers_in_force(waivers, {}).empty());
}
