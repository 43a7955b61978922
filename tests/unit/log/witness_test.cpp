// SPDX-License-Identifier: Apache-2.0
#include "log/witness.h"

#include <catch2/catch.hpp>
#include <string>

#include "log/note_sign.h"
#include "log/tree.h"

using namespace cardwarden;
using namespace cardwarden::tlog;

namespace {

PrivateKey key_of(char c) { return PrivateKey::ed25519_from_seed(std::string(kEd25519SeedBytes, c)).value(); }

const std::string kOrigin = "audit.example/log1";

NoteKey log_key() { return note_key(kOrigin, NoteKeyType::ed25519, key_of('l').public_key()).value(); }

NoteKey witness_key(char c) {
  return note_key(std::string("witness.example/") + c, NoteKeyType::cosignature, key_of(c).public_key())
      .value();
}

// A log of leaves "0", "1", …
class Log {
 public:
  explicit Log(const std::string& salt = "") {
    for (int i = 0; i < 40; ++i) {
      std::vector<Node> fresh;
      range_.append(leaf_hash(salt + std::to_string(i)), fresh);
      for (const Node& node : fresh) nodes_.push_back(node);
    }
  }
  Result<Hash> operator()(NodeId id) const {
    for (const Node& node : nodes_) {
      if (node.id.level == id.level && node.id.index == id.index) return node.hash;
    }
    return Error(ErrorCode::not_found, "no such node");
  }
  Hash root(std::uint64_t size) const { return root_at(size, *this).value(); }
  std::string checkpoint(std::uint64_t size, const PrivateKey& key = key_of('l')) const {
    const std::string text = checkpoint_text({kOrigin, size, root(size), {}}).value();
    return note_text({text, {sign_note(text, kOrigin, key).value()}});
  }
  WitnessRequest message(std::uint64_t from, std::uint64_t to) const {
    WitnessRequest out{from, {}, checkpoint(to)};
    if (from > 0) out.proof = consistency_proof(from, to, *this).value();
    return out;
  }
  WitnessMemory memory(std::uint64_t size) const { return {size, root(size)}; }

 private:
  CompactRange range_;
  std::vector<Node> nodes_;
};

WitnessAnswer answer(const WitnessRequest& message, const std::optional<WitnessMemory>& memory) {
  return judge_checkpoint(message, {log_key()}, memory).answer;
}

NoteSignature cosigned(const std::string& checkpoint, char witness, std::uint64_t time) {
  return cosign_note(parse_note(checkpoint).value().text, std::string("witness.example/") + witness, time,
                     key_of(witness))
      .value();
}

}  // namespace

TEST_CASE("witness: the message comes back as it was sent") {
  const Log log;
  for (const auto& [from, to] : {std::pair<int, int>{0, 7}, {7, 7}, {7, 40}, {8, 33}}) {
    const std::string body =
        witness_request_text(log.message(static_cast<std::uint64_t>(from), static_cast<std::uint64_t>(to)));
    CHECK(body.find("old " + std::to_string(from) + "\n") == 0);
    const WitnessRequest read = parse_witness_request(body).value();
    CHECK(witness_request_text(read) == body);
  }
  const std::string good = witness_request_text(log.message(7, 40));
  for (const std::string& bad :
       {std::string(), std::string("old 7"), good.substr(4), "old 07" + good.substr(5),
        "old -7" + good.substr(5), "new" + good.substr(3), good.substr(0, 30) + "!" + good.substr(31),
        good.substr(0, good.size() - 1)}) {
    INFO(bad);
    CHECK_FALSE(parse_witness_request(bad).has_value());
  }
  WitnessRequest large = log.message(7, 40);
  large.proof.resize(kMaxWitnessProof + 1);
  CHECK(parse_witness_request(witness_request_text(large)).error().code == ErrorCode::too_large);
}

TEST_CASE("witness: a log that grows is cosigned, and nothing else") {
  const Log log;
  const Log other("x");
  CHECK(answer(log.message(0, 7), std::nullopt) == WitnessAnswer::cosign);
  CHECK(answer(log.message(0, 0), std::nullopt) == WitnessAnswer::cosign);
  CHECK(answer(log.message(7, 40), log.memory(7)) == WitnessAnswer::cosign);
  CHECK(answer(log.message(7, 7), log.memory(7)) == WitnessAnswer::cosign);
  // The message must begin where the memory ends, in both directions.
  CHECK(answer(log.message(0, 40), log.memory(7)) == WitnessAnswer::conflict);
  CHECK(answer(log.message(5, 40), log.memory(7)) == WitnessAnswer::conflict);
  CHECK(answer(log.message(7, 40), std::nullopt) == WitnessAnswer::conflict);
  CHECK(answer({9, {}, log.checkpoint(7)}, log.memory(9)) == WitnessAnswer::malformed);
  // Another history.
  CHECK(answer(other.message(7, 40), log.memory(7)) == WitnessAnswer::unproven);
  CHECK(answer(other.message(7, 7), log.memory(7)) == WitnessAnswer::conflict);
  WitnessRequest mixed = log.message(7, 40);
  mixed.checkpoint = other.checkpoint(40);
  CHECK(answer(mixed, log.memory(7)) == WitnessAnswer::unproven);
  mixed = log.message(7, 40);
  mixed.proof.pop_back();
  CHECK(answer(mixed, log.memory(7)) == WitnessAnswer::unproven);
  mixed = log.message(0, 7);
  mixed.proof.push_back(Hash{});
  CHECK(answer(mixed, std::nullopt) == WitnessAnswer::unproven);
  // Another key, another log.
  mixed = log.message(0, 7);
  mixed.checkpoint = log.checkpoint(7, key_of('x'));
  CHECK(answer(mixed, std::nullopt) == WitnessAnswer::not_signed);
  CHECK(judge_checkpoint(log.message(0, 7), {witness_key('a')}, std::nullopt).answer ==
        WitnessAnswer::unknown_log);
  CHECK(conflict_body(log.memory(7)) == "7\n");
  CHECK(conflict_body(std::nullopt) == "0\n");
}

TEST_CASE("witness: no bit of a message can change without its being refused") {
  const Log log;
  const WitnessRequest message = log.message(7, 40);
  for (std::size_t hash = 0; hash < message.proof.size(); ++hash) {
    for (std::size_t bit = 0; bit < kHashBytes * 8; bit += 5) {
      WitnessRequest other = message;
      other.proof[hash][bit / 8] ^= static_cast<unsigned char>(1U << (bit % 8));
      CHECK(answer(other, log.memory(7)) == WitnessAnswer::unproven);
    }
  }
  const std::size_t text = parse_note(message.checkpoint).value().text.size();
  for (std::size_t bit = 0; bit < text * 8; ++bit) {
    WitnessRequest other = message;
    other.checkpoint[bit / 8] = static_cast<char>(other.checkpoint[bit / 8] ^ (1 << (bit % 8)));
    CHECK(answer(other, log.memory(7)) != WitnessAnswer::cosign);
  }
}

TEST_CASE("witness: its lines are taken into the checkpoint, and only good ones") {
  const Log log;
  const std::string checkpoint = log.checkpoint(7);
  const std::vector<NoteKey> known = {witness_key('a'), witness_key('b')};
  const auto add = [&](const std::string& note, const std::vector<NoteSignature>& lines) {
    return add_cosignatures(note, cosignature_lines(lines), log_key(), known);
  };
  const std::string one = add(checkpoint, {cosigned(checkpoint, 'a', 100)}).value();
  const std::string two = add(one, {cosigned(one, 'b', 200)}).value();
  const auto opened = open_checkpoint(two, log_key(), known).value();
  REQUIRE(opened.cosigners.size() == 2);
  CHECK(opened.cosigners[0].time == 100U);
  CHECK(opened.cosigners[1].key.name == "witness.example/b");
  // A later line of a witness takes the place of the earlier one, never the other way round.
  const std::string later = add(two, {cosigned(two, 'a', 300)}).value();
  CHECK(open_checkpoint(later, log_key(), known).value().cosigners[0].time == 300U);
  CHECK(add(later, {cosigned(two, 'a', 50)}).value() == later);
  // A stranger's line is left out beside a known one, and is nothing alone.
  CHECK(add(checkpoint, {cosigned(checkpoint, 'c', 9), cosigned(checkpoint, 'a', 100)}).value() == one);
  CHECK_FALSE(add(checkpoint, {cosigned(checkpoint, 'c', 9)}).has_value());
  // Over another head, by another key, or changed.
  CHECK_FALSE(add(checkpoint, {cosigned(log.checkpoint(8), 'a', 100)}).has_value());
  NoteSignature forged = cosigned(checkpoint, 'a', 100);
  for (std::size_t bit = 0; bit < forged.bytes.size() * 8; ++bit) {
    NoteSignature other = forged;
    other.bytes[bit / 8] = static_cast<char>(other.bytes[bit / 8] ^ (1 << (bit % 8)));
    CHECK_FALSE(add(checkpoint, {other}).has_value());
  }
  CHECK_FALSE(add_cosignatures(checkpoint, "", log_key(), known).has_value());
  CHECK_FALSE(add_cosignatures(checkpoint, "words\n", log_key(), known).has_value());
  const std::string lines = cosignature_lines({cosigned(checkpoint, 'a', 100)});
  CHECK_FALSE(add_cosignatures(checkpoint, "words\n\n" + lines, log_key(), known).has_value());
  CHECK_FALSE(add_cosignatures(log.checkpoint(7, key_of('x')), lines, log_key(), known).has_value());
  // A log's own line is no witness's.
  CHECK_FALSE(add(checkpoint, parse_note(checkpoint).value().signatures).has_value());
}
