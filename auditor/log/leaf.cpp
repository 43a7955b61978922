// SPDX-License-Identifier: Apache-2.0
#include "log/leaf.h"

namespace cardwarden::tlog {
namespace {

constexpr std::string_view kBefore = R"({"envelopeSha256":")";
constexpr std::string_view kBetween = R"(","kind":")";
constexpr std::string_view kAfter = R"("})";

}  // namespace

std::string leaf_data(const Hash& envelope_digest) {
  std::string out(kBefore);
  out += hex(envelope_digest);
  out += kBetween;
  out += kRecordKind;
  out += kAfter;
  return out;
}

Result<Hash> parse_leaf_data(std::string_view data) {
  const std::size_t before = kBefore.size();
  if (data.size() > before + 2 * kHashBytes) {
    auto digest = hash_from_hex(data.substr(before, 2 * kHashBytes));
    if (digest && leaf_data(*digest) == data) return digest;
  }
  return Error(ErrorCode::format, "The log entry is not one of " + std::string(kRecordKind) + ".");
}

}  // namespace cardwarden::tlog
