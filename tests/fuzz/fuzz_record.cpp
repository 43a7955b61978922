// SPDX-License-Identifier: Apache-2.0
// What reaches a verifier from strangers. The first byte says which reader gets the rest: j strict JSON, e
// envelope, r record (verify), n signed note, c checkpoint, p proof file, t tile path, h tile, b bundle of
// entries, k key of a log, m PEM, a base64, d time, w message to a witness, s time stamp, u token URI. Any
// other first byte: all readers get everything.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/time.h"
#include "crypto/dsse.h"
#include "crypto/strict_json.h"
#include "crypto/timestamp.h"
#include "crypto/token_signer.h"
#include "fuzz/expect.h"
#include "log/checkpoint.h"
#include "log/leaf.h"
#include "log/proof_file.h"
#include "log/tiles.h"
#include "log/witness.h"
#include "store/index.h"
#include "verify/bundle.h"
#include "verify/verify.h"

namespace {

using namespace cardwarden;

constexpr std::string_view kLogKey =
    "audit.example/log1+5b593d9c+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
constexpr std::string_view kSpki = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

constexpr std::string_view kAuthority =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBfTCCASOgAwIBAgIUaZKB9kksiOajtsuJ7rowPyQnll0wCgYIKoZIzj0EAwIw\n"
    "FDESMBAGA1UEAwwJVGVzdCByb290MB4XDTI2MTEyMTAyMDU0OFoXDTI2MTIyMTAy\n"
    "MDU0OFowFDESMBAGA1UEAwwJVGVzdCByb290MFkwEwYHKoZIzj0CAQYIKoZIzj0D\n"
    "AQcDQgAE5I/pHKZoTLotWeup7TQt4FPLlix64jAB4tw7npezJv+glHcUmQszAGSF\n"
    "WFaUBQmjCsK7DDohPcYUBkhoHwpicqNTMFEwHQYDVR0OBBYEFFa9OHD9Rjr1j5bk\n"
    "2W/uPxlsmGSiMB8GA1UdIwQYMBaAFFa9OHD9Rjr1j5bk2W/uPxlsmGSiMA8GA1Ud\n"
    "EwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAK3sYUk+v/G1uZBl3cUuMCJy\n"
    "qvKYpXicfUS0a492LIMYAiAmo2CdU956xCG/oblhDdFecgy4JOu8wups2CZ1GZBm\n"
    "LQ==\n"
    "-----END CERTIFICATE-----\n";

void check_error(const Error& error) { expect(!error.text().empty(), "an error says what is wrong"); }

// A reader whose writer gives back what it read.
template <typename Read, typename Write>
void check_there_and_back(const std::string& text, const Read& read, const Write& write) {
  const auto value = read(text);
  if (!value) return check_error(value.error());
  expect(write(*value) == text, "what was read is written the same");
}

void check_json(const std::string& text) {
  const auto value = parse_strict_json(text);
  if (!value) return check_error(value.error());
  const std::string canonical = canonical_json(*value);
  const auto again = parse_canonical_json(canonical);
  expect(again.has_value() && *again == *value, "canonical JSON reads back as the same value");
}

void check_envelope(const std::string& text) {
  const auto envelope = parse_envelope(text);
  if (!envelope) return check_error(envelope.error());
  const std::string written = envelope_json(*envelope);
  const auto again = parse_envelope(written);
  expect(again.has_value() && again->payload == envelope->payload && envelope_json(*again) == written,
         "an envelope that was written reads back the same");
  if (const auto record = index_record(text); !record) check_error(record.error());
}

void check_record(const std::string& text) {
  VerifyInput input;
  input.record = text;
  input.keys = {{PublicKey::from_spki(bytes_from_base64(kSpki).value()).value(), "test"}};
  input.log = TrustedLog{tlog::parse_vkey(kLogKey).value(), {}, 0};
  input.proof = text;
  input.old_checkpoint = text;
  input.findings = text;
  const VerifyReport report = verify_record(input);
  expect(!report.checks.empty(), "a report says what was checked");
  expect(!report.passed() || report.statement.has_value(), "what passed has a statement");
}

void check_note(const std::string& text) {
  check_there_and_back(text, tlog::parse_note, tlog::note_text);
  if (const auto opened = tlog::open_checkpoint(text, tlog::parse_vkey(kLogKey).value()); !opened) {
    check_error(opened.error());
  }
}

void check_checkpoint(const std::string& text) {
  check_there_and_back(text, tlog::parse_checkpoint_text,
                       [](const tlog::Checkpoint& head) { return tlog::checkpoint_text(head).value(); });
}

void check_tiles(const std::string& text) {
  for (const std::uint32_t width : {1U, 3U, 256U}) {
    check_there_and_back(
        text, [width](const std::string& bytes) { return tlog::parse_tile(bytes, width); }, tlog::tile_bytes);
    check_there_and_back(
        text, [width](const std::string& bytes) { return tlog::parse_bundle(bytes, width); },
        [](const std::vector<std::string>& entries) { return tlog::bundle_bytes(entries).value(); });
  }
}

void check_keys(const std::string& text) {
  check_there_and_back(text, tlog::parse_vkey, tlog::vkey_text);
  check_there_and_back(text, PublicKey::from_spki, [](const PublicKey& key) { return key.spki(); });
  const auto key = PublicKey::from_pem(text);
  if (key) expect(PublicKey::from_pem(key->pem()).value() == *key, "a key in PEM reads back the same");
}

void check_small(const std::string& text) {
  check_there_and_back(text, bytes_from_base64, [](const std::string& bytes) { return base64(bytes); });
  check_there_and_back(text, bytes_from_hex, [](const std::string& bytes) { return hex(bytes); });
  check_there_and_back(text, parse_time, time_text);
  check_there_and_back(text, tlog::parse_leaf_data, tlog::leaf_data);
  check_there_and_back(text, tlog::parse_tile_path, tlog::tile_path);
  if (const auto bytes = bytes_from_any_base64(text); !bytes) check_error(bytes.error());
}

void check_witness(const std::string& text) {
  check_there_and_back(text, tlog::parse_witness_request, tlog::witness_request_text);
  const tlog::NoteKey log = tlog::parse_vkey(kLogKey).value();
  const auto message = tlog::parse_witness_request(text);
  if (!message) return;
  const auto verdict = tlog::judge_checkpoint(*message, {log}, std::nullopt);
  expect(!verdict.reason.empty(), "a verdict says why");
  const auto taken = tlog::add_cosignatures(message->checkpoint, text, log, {});
  expect(!taken.has_value(), "nobody's lines are taken from nobody");
}

// Nothing is trusted that chance makes.
void check_timestamp(const std::string& text) {
  const auto stamp = verify_timestamp(text, Hash{}, {std::string(kAuthority), text});
  expect(!stamp.has_value(), "bytes by chance are no time stamp");
  check_error(stamp.error());
}

void check_token(const std::string& text) {
  const auto key = parse_token_uri(text);
  if (!key) return check_error(key.error());
  expect(!key->token.empty() && !key->label.empty(), "a token URI names a token and a key");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const char kind = static_cast<char>(data[0]);
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const bool all = std::string_view("jerncpthbkmadwsu").find(kind) == std::string_view::npos;
  const auto asked = [kind, all](std::string_view kinds) {
    return all || kinds.find(kind) != std::string_view::npos;
  };
  if (asked("j")) check_json(text);
  if (asked("e")) check_envelope(text);
  if (asked("r")) check_record(text);
  if (asked("n")) check_note(text);
  if (asked("c")) check_checkpoint(text);
  if (asked("p")) check_there_and_back(text, tlog::parse_proof_file, tlog::proof_file_text);
  if (asked("hb")) check_tiles(text);
  if (asked("km")) check_keys(text);
  if (asked("tad")) check_small(text);
  if (asked("w")) check_witness(text);
  if (asked("s")) check_timestamp(text);
  if (asked("u")) check_token(text);
  return 0;
}
