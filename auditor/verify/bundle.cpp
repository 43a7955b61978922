// SPDX-License-Identifier: Apache-2.0
#include "verify/bundle.h"

#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/text.h"
#include "crypto/strict_json.h"

namespace cardwarden {
namespace {

using nlohmann::json;

constexpr std::string_view kMediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";

Done only(const json& object, const std::set<std::string>& members, std::string_view what) {
  for (auto at = object.begin(); at != object.end(); ++at) {
    if (members.count(at.key()) == 0) {
      return Error(ErrorCode::format, "There is no \"" + text::printable(text::excerpt(at.key(), 60)) +
                                          "\" in " + std::string(what) + ".");
    }
  }
  return Nothing{};
}

Done read_material(const json& bundle, ReceivedRecord& out) {
  const json* material = object_member(bundle, "verificationMaterial");
  const json* key = material == nullptr ? nullptr : object_member(*material, "publicKey");
  if (key == nullptr) {
    return Error(ErrorCode::format, "The bundle names no public key; certificates are not verified here.");
  }
  if (auto good =
          only(*material, {"publicKey", "tlogEntries", "timestampVerificationData"}, "verificationMaterial");
      !good) {
    return good;
  }
  if (auto good = only(*key, {"hint"}, "publicKey"); !good) return good;
  auto hint = string_member(*key, "hint", "publicKey");
  if (!hint) return hint.error();
  out.hint = *std::move(hint);
  const json* entries = array_member(*material, "tlogEntries");
  if (material->contains("tlogEntries") && entries == nullptr) {
    return Error(ErrorCode::format, "The member \"tlogEntries\" of a bundle is a list.");
  }
  out.foreign_material =
      (entries != nullptr && !entries->empty()) || material->contains("timestampVerificationData");
  return Nothing{};
}

}  // namespace

Result<ReceivedRecord> read_record(std::string_view text) {
  const auto value = parse_strict_json(text, {.bytes = 2 * kMaxEnvelopeBytes});
  if (!value) return value.error();
  ReceivedRecord out;
  out.bundled = value->is_object() && value->contains("mediaType");
  out.envelope_bytes = text;
  if (out.bundled) {
    const auto type = string_member(*value, "mediaType", "the bundle");
    if (!type || *type != kMediaType) {
      return Error(ErrorCode::format, "Expected a bundle of type " + std::string(kMediaType) + ".");
    }
    if (auto good = only(*value, {"mediaType", "verificationMaterial", "dsseEnvelope"}, "the bundle");
        !good) {
      return good.error();
    }
    if (auto good = read_material(*value, out); !good) return good.error();
    const json* envelope = object_member(*value, "dsseEnvelope");
    if (envelope == nullptr) return Error(ErrorCode::format, "The bundle has no dsseEnvelope.");
    out.envelope_bytes = canonical_json(*envelope);
  }
  auto envelope = parse_envelope(out.envelope_bytes);
  if (!envelope) return envelope.error();
  out.envelope = *std::move(envelope);
  return out;
}

}  // namespace cardwarden
