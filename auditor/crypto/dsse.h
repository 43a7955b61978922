// SPDX-License-Identifier: Apache-2.0
#pragma once
// DSSE: what is signed (the pre-authentication encoding) and the envelope that carries it. Specification:
// secure-systems-lab/dsse, protocol.md and envelope.md v1; ours: docs/formats/envelope.md. Pure.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cardwarden {

constexpr std::string_view kInTotoPayloadType = "application/vnd.in-toto+json";

// "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body; LEN is the byte length in decimal digits.
std::string dsse_pae(std::string_view type, std::string_view body);

struct EnvelopeSignature {
  std::string key_id;     // not authenticated: a hint, never a decision
  std::string signature;  // bytes
};

struct Envelope {
  std::string payload_type;
  std::string payload;  // the signed bytes themselves
  std::vector<EnvelopeSignature> signatures;
};

constexpr std::size_t kMaxEnvelopeBytes = std::size_t{16} * 1024 * 1024;
constexpr std::size_t kMaxEnvelopeSignatures = 16;

// Canonical JSON, standard base64, an empty key id left out. These bytes are stored and digested as they are.
std::string envelope_json(const Envelope& envelope);

// Takes either base64 alphabet and ignores members it does not know, as the specification asks. Refuses an
// envelope without signature and a duplicate key.
Result<Envelope> parse_envelope(std::string_view json);

}  // namespace cardwarden
