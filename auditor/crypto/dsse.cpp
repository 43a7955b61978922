// SPDX-License-Identifier: Apache-2.0
#include "crypto/dsse.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "crypto/bytes.h"
#include "crypto/strict_json.h"

namespace cardwarden {
namespace {

using nlohmann::json;

constexpr std::string_view kWhat = "the envelope";

Result<EnvelopeSignature> read_signature(const json& one) {
  auto text = string_member(one, "sig", "a signature of the envelope");
  if (!text) return text.error();
  auto bytes = bytes_from_any_base64(*text);
  if (!bytes) return bytes.error();
  EnvelopeSignature out;
  out.signature = *std::move(bytes);
  const auto id = one.find("keyid");
  if (id != one.end() && id->is_string()) out.key_id = id->get<std::string>();
  if (id != one.end() && !id->is_string() && !id->is_null()) {
    return Error(ErrorCode::format, "The key id of an envelope's signature is a string or left out.");
  }
  return out;
}

}  // namespace

std::string dsse_pae(std::string_view type, std::string_view body) {
  std::string out = "DSSEv1 " + std::to_string(type.size()) + " ";
  out += type;
  out += " " + std::to_string(body.size()) + " ";
  out += body;
  return out;
}

std::string envelope_json(const Envelope& envelope) {
  json signatures = json::array();
  for (const EnvelopeSignature& one : envelope.signatures) {
    json signature = {{"sig", base64(one.signature)}};
    if (!one.key_id.empty()) signature["keyid"] = one.key_id;
    signatures.push_back(std::move(signature));
  }
  return canonical_json({{"payload", base64(envelope.payload)},
                         {"payloadType", envelope.payload_type},
                         {"signatures", std::move(signatures)}});
}

Result<Envelope> parse_envelope(std::string_view text) {
  if (text.size() > kMaxEnvelopeBytes) {
    return Error(ErrorCode::too_large, "The envelope has more than " + std::to_string(kMaxEnvelopeBytes) +
                                           " bytes (kMaxEnvelopeBytes).");
  }
  const auto value = parse_strict_json(text);
  if (!value) return value.error();
  auto type = string_member(*value, "payloadType", kWhat);
  if (!type) return type.error();
  const std::string* encoded = text_member(*value, "payload");
  if (encoded == nullptr) return string_member(*value, "payload", kWhat).error();
  auto payload = bytes_from_any_base64(*encoded);
  if (!payload) return payload.error();
  const json* signatures = array_member(*value, "signatures");
  if (signatures == nullptr || signatures->empty() || signatures->size() > kMaxEnvelopeSignatures) {
    return Error(ErrorCode::format, "Expected 1 to " + std::to_string(kMaxEnvelopeSignatures) +
                                        " signatures in the envelope (kMaxEnvelopeSignatures).");
  }
  Envelope out{*std::move(type), *std::move(payload), {}};
  for (const json& one : *signatures) {
    auto signature = read_signature(one);
    if (!signature) return signature.error();
    out.signatures.push_back(*std::move(signature));
  }
  return out;
}

}  // namespace cardwarden
