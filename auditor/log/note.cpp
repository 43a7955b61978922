// SPDX-License-Identifier: Apache-2.0
#include "log/note.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "crypto/bytes.h"

namespace cardwarden::tlog {
namespace {

constexpr std::string_view kSignatureMark = "\xE2\x80\x94 ";  // U+2014 and one blank
constexpr std::size_t kIdBytes = 4;
constexpr std::size_t kTimeBytes = 8;
constexpr std::size_t kMaxNameBytes = 255;  // ours; the specification sets none

Error malformed(std::string what) {
  return {ErrorCode::format, "The signed note is malformed: " + std::move(what)};
}

// White_Space of the Unicode character database, and nothing that changes often.
bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

std::uint32_t id_of(std::string_view bytes) {
  std::uint32_t id = 0;
  for (std::size_t i = 0; i < kIdBytes; ++i) id = id << 8U | static_cast<unsigned char>(bytes[i]);
  return id;
}

std::string big_endian(std::uint64_t number, std::size_t bytes) {
  std::string out;
  for (std::size_t i = bytes; i > 0; --i) out.push_back(static_cast<char>(number >> (8 * (i - 1)) & 0xffU));
  return out;
}

// What stands behind the type byte in a published key.
std::string key_bytes(NoteKeyType type, const PublicKey& key) {
  return type == NoteKeyType::ecdsa_p256 ? key.spki() : key.raw();
}

std::uint32_t make_id(std::string_view name, NoteKeyType type, const PublicKey& key) {
  if (type == NoteKeyType::ecdsa_p256) return id_of(bytes_of(sha256(key.spki())));
  const char byte = static_cast<char>(type);
  return id_of(bytes_of(sha256_of({name, "\n", std::string_view(&byte, 1), key.raw()})));
}

Result<NoteSignature> parse_line(std::string_view line) {
  if (line.substr(0, kSignatureMark.size()) != kSignatureMark) {
    return malformed("a line behind the last empty line is no signature.");
  }
  line.remove_prefix(kSignatureMark.size());
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return malformed("a signature line has no signature.");
  NoteSignature out;
  out.name = line.substr(0, blank);
  if (auto name = check_note_name(out.name); !name) return name.error();
  const auto bytes = bytes_from_base64(line.substr(blank + 1));
  if (!bytes || bytes->size() <= kIdBytes) return malformed("a signature is no base64, or too short.");
  out.id = id_of(*bytes);
  out.bytes = bytes->substr(kIdBytes);
  return out;
}

// Whether `one` is a signature by `key`, and at which time.
Result<VerifiedSignature> verify_line(const NoteSignature& one, const NoteKey& key, std::string_view text) {
  VerifiedSignature out{key, std::nullopt};
  std::string_view signature = one.bytes;
  std::string message(text);
  if (key.type == NoteKeyType::cosignature) {
    if (signature.size() != kTimeBytes + kEd25519SignatureBytes) {
      return malformed("a cosignature has 72 bytes behind its key id.");
    }
    std::uint64_t time = 0;
    for (const char c : signature.substr(0, kTimeBytes)) time = time << 8U | static_cast<unsigned char>(c);
    signature.remove_prefix(kTimeBytes);
    message = cosigned_text(time, text);
    out.time = time;
  }
  if (key.key.verify(message, signature)) return out;
  return Error(ErrorCode::format, "The signature of the note by " + vkey_text(key) + " is wrong.");
}

}  // namespace

Done check_note_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxNameBytes) return malformed("a key name has 1 to 255 bytes.");
  if (!text::is_utf8(name) || name.find('+') != std::string_view::npos) {
    return malformed("a key name is UTF-8 without a plus sign.");
  }
  for (std::size_t at = 0; at < name.size();) {
    const char32_t c = text::decode(name, at);
    if (is_space(c) || c < 0x20) return malformed("a key name has no white space and no control character.");
  }
  return Nothing{};
}

Done check_note_text(std::string_view text) {
  if (text.empty() || text.back() != '\n') return malformed("its text does not end in a line end.");
  if (!text::is_utf8(text)) return malformed("it is not UTF-8.");
  const bool control = std::any_of(text.begin(), text.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x20U && c != '\n'; });
  if (control) return malformed("it has a control character.");
  return Nothing{};
}

Result<NoteKey> note_key(std::string name, NoteKeyType type, PublicKey key) {
  if (auto good = check_note_name(name); !good) return good.error();
  const bool ecdsa = key.algorithm() == KeyAlgorithm::ecdsa_p256;
  if (ecdsa != (type == NoteKeyType::ecdsa_p256)) {
    return Error(ErrorCode::format, "The type of the note key is not the one of its algorithm.");
  }
  const std::uint32_t id = make_id(name, type, key);
  return NoteKey{std::move(name), type, id, std::move(key)};
}

std::string note_id_text(std::uint32_t id) { return hex(big_endian(id, kIdBytes)); }

std::string vkey_text(const NoteKey& key) {
  return key.name + "+" + note_id_text(key.id) + "+" +
         base64(std::string(1, static_cast<char>(key.type)) + key_bytes(key.type, key.key));
}

Result<NoteKey> parse_vkey(std::string_view text) {
  const auto bad = [](const char* what) {
    return Error(ErrorCode::format,
                 std::string("Expected the key of a log or witness as NAME+8 digits+base64: ") + what);
  };
  const std::size_t first = text.find('+');
  const std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return bad("two plus signs are missing.");
  const auto bytes = bytes_from_base64(text.substr(second + 1));
  if (!bytes || bytes->empty()) return bad("its last part is no base64.");
  const auto byte = static_cast<unsigned char>(bytes->front());
  const std::string rest = bytes->substr(1);
  if (byte != 0x01 && byte != 0x02 && byte != 0x04) return bad("it is of a type that is not known here.");
  const auto type = static_cast<NoteKeyType>(byte);
  auto key = type == NoteKeyType::ecdsa_p256 ? PublicKey::from_spki(rest) : PublicKey::from_ed25519(rest);
  if (!key) return bad(key.error().message.c_str());
  auto out = note_key(std::string(text.substr(0, first)), type, *std::move(key));
  if (!out) return out;
  if (vkey_text(*out) != text) return bad("its 8 digits are not the ones of its name and key.");
  return out;
}

std::string note_text(const Note& note) {
  std::string out = note.text + "\n";
  for (const NoteSignature& one : note.signatures) {
    out += kSignatureMark;
    out += one.name + " " + base64(big_endian(one.id, kIdBytes) + one.bytes) + "\n";
  }
  return out;
}

Result<Note> parse_note(std::string_view text) {
  if (text.size() > kMaxNoteBytes) {
    return Error(ErrorCode::too_large, "The signed note has more than " + std::to_string(kMaxNoteBytes) +
                                           " bytes (kMaxNoteBytes).");
  }
  if (auto good = check_note_text(text); !good) return good.error();
  const std::size_t split = text.rfind("\n\n");
  if (split == std::string_view::npos) return malformed("it has no empty line before its signatures.");
  Note out;
  out.text = text.substr(0, split + 1);
  std::string_view lines = text.substr(split + 2);
  if (lines.empty()) return malformed("it has no signatures.");
  lines.remove_suffix(1);
  for (const std::string_view line : text::split(lines, '\n')) {
    if (out.signatures.size() == kMaxNoteSignatures) {
      return Error(ErrorCode::too_large, "The signed note has more than " +
                                             std::to_string(kMaxNoteSignatures) +
                                             " signatures (kMaxNoteSignatures).");
    }
    auto one = parse_line(line);
    if (!one) return one.error();
    out.signatures.push_back(*std::move(one));
  }
  return out;
}

std::string cosigned_text(std::uint64_t time, std::string_view text) {
  return "cosignature/v1\ntime " + std::to_string(time) + "\n" + std::string(text);
}

Result<std::vector<VerifiedSignature>> verify_note(const Note& note, const std::vector<NoteKey>& known) {
  std::vector<VerifiedSignature> out;
  for (const NoteSignature& one : note.signatures) {
    const NoteKey* key = nullptr;
    for (const NoteKey& candidate : known) {
      if (candidate.name != one.name || candidate.id != one.id) continue;
      if (key != nullptr && vkey_text(*key) != vkey_text(candidate)) {
        return Error(ErrorCode::format, "Two known keys share the name and id of " + vkey_text(*key) + ".");
      }
      key = &candidate;
    }
    if (key == nullptr) continue;
    auto verified = verify_line(one, *key, note.text);
    if (!verified) return verified.error();
    const auto before = std::find_if(out.begin(), out.end(), [key](const VerifiedSignature& other) {
      return vkey_text(other.key) == vkey_text(*key);
    });
    if (before == out.end()) {
      out.push_back(*std::move(verified));
    } else if (verified->time > before->time) {
      before->time = verified->time;
    }
  }
  if (out.empty()) return Error(ErrorCode::not_found, "No known key has signed the note.");
  return out;
}

}  // namespace cardwarden::tlog
