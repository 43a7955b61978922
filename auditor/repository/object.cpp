// SPDX-License-Identifier: Apache-2.0
#include "repository/object.h"

#include <charconv>
#include <cstring>

namespace cardwarden {
namespace {

constexpr std::uint32_t kTypeMask = 0170000;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

bool starts_with(std::string_view s, std::string_view prefix) { return s.substr(0, prefix.size()) == prefix; }

// Takes one line, without its end, off `rest`.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

template <typename T>
bool read_number(std::string_view digits, T& out) {
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return read.ec == std::errc() && read.ptr == digits.data() + digits.size();
}

// "+hhmm" in minutes. Zones that no clock shows (old importers wrote some) count as UTC.
int zone_of(std::string_view zone) {
  int value = 0;
  if (zone.size() != 5 || (zone[0] != '+' && zone[0] != '-') || !read_number(zone.substr(1), value)) return 0;
  const int minutes = value / 100 * 60 + value % 100;
  if (minutes > 14 * 60 || value % 100 > 59) return 0;
  return zone[0] == '-' ? -minutes : minutes;
}

// "Name <email> seconds +zone". What is missing stays empty; git itself is as lenient.
Person parse_person(std::string_view line) {
  Person out;
  const std::size_t close = line.rfind('>');
  const std::size_t open = line.find('<');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    out.name = std::string(line);
    return out;
  }
  std::string_view name = line.substr(0, open);
  while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
  out.name = std::string(name);
  out.email = std::string(line.substr(open + 1, close - open - 1));
  std::string_view rest = line.substr(close + 1);
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  const std::size_t blank = rest.find(' ');
  out.time_valid = read_number(rest.substr(0, blank), out.time);
  if (!out.time_valid) out.time = 0;
  if (blank != std::string_view::npos) out.zone_minutes = zone_of(rest.substr(blank + 1));
  return out;
}

Error malformed(std::string_view type, std::string_view what) {
  return {ErrorCode::format, "The " + std::string(type) + " object is malformed: " + std::string(what) + "."};
}

constexpr std::string_view kArmors[] = {"-----BEGIN SSH SIGNATURE-----", "-----BEGIN PGP SIGNATURE-----",
                                        "-----BEGIN PGP MESSAGE-----", "-----BEGIN SIGNED MESSAGE-----"};

// Where the armor at the end of a tag begins: the last line that opens one, as git looks for it.
std::size_t armor_of_tag(std::string_view bytes) {
  std::size_t found = bytes.size();
  for (std::size_t at = 0; at < bytes.size();) {
    const std::string_view line = bytes.substr(at);
    for (const std::string_view armor : kArmors) {
      if (starts_with(line, armor)) found = at;
    }
    const std::size_t end = bytes.find('\n', at);
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
  return found;
}

}  // namespace

std::string ObjectId::hex() const {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(40);
  for (const std::uint8_t byte : bytes) {
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 0xFU];
  }
  return out;
}

std::optional<ObjectId> ObjectId::from_hex(std::string_view hex) {
  if (hex.size() != 40) return std::nullopt;
  ObjectId out;
  for (std::size_t i = 0; i < 20; ++i) {
    const int high = hex_value(hex[2 * i]);
    const int low = hex_value(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return out;
}

std::optional<ObjectId> ObjectId::from_bytes(std::string_view twenty) {
  if (twenty.size() != 20) return std::nullopt;
  ObjectId out;
  std::memcpy(out.bytes.data(), twenty.data(), 20);
  return out;
}

std::size_t ObjectIdHash::operator()(const ObjectId& id) const {
  std::size_t out = 0;
  std::memcpy(&out, id.bytes.data(), sizeof out);
  return out;
}

std::string_view to_string(ObjectType type) {
  switch (type) {
    case ObjectType::commit:
      return "commit";
    case ObjectType::tree:
      return "tree";
    case ObjectType::blob:
      return "blob";
    case ObjectType::tag:
      return "tag";
  }
  return "";
}

std::string_view to_string(EntryKind kind) {
  switch (kind) {
    case EntryKind::file:
      return "file";
    case EntryKind::executable:
      return "executable";
    case EntryKind::symlink:
      return "symlink";
    case EntryKind::submodule:
      return "submodule";
    case EntryKind::folder:
      return "folder";
    case EntryKind::odd:
      return "odd";
  }
  return "";
}

std::string_view to_string(SignatureKind kind) {
  switch (kind) {
    case SignatureKind::none:
      return "none";
    case SignatureKind::ssh:
      return "ssh";
    case SignatureKind::pgp:
      return "pgp";
    case SignatureKind::x509:
      return "x509";
    case SignatureKind::unknown:
      return "unknown";
  }
  return "";
}

EntryKind TreeEntry::kind() const {
  switch (mode & kTypeMask) {
    case 0040000:
      return EntryKind::folder;
    case 0120000:
      return EntryKind::symlink;
    case 0160000:
      return EntryKind::submodule;
    case 0100000:
      // 0664 was written by git before 1.0 and still stands in old histories.
      if (mode == 0100644 || mode == 0100664) return EntryKind::file;
      return mode == 0100755 ? EntryKind::executable : EntryKind::odd;
    default:
      return EntryKind::odd;
  }
}

SignatureKind signature_kind(std::string_view armor) {
  if (armor.empty()) return SignatureKind::none;
  if (starts_with(armor, kArmors[0])) return SignatureKind::ssh;
  if (starts_with(armor, kArmors[1]) || starts_with(armor, kArmors[2])) return SignatureKind::pgp;
  return starts_with(armor, kArmors[3]) ? SignatureKind::x509 : SignatureKind::unknown;
}

std::optional<TreeEntry> next_entry(std::string_view& rest) {
  TreeEntry out;
  std::size_t at = 0;
  for (; at < rest.size() && rest[at] != ' '; ++at) {
    if (at >= 7 || rest[at] < '0' || rest[at] > '7') return std::nullopt;
    out.mode = out.mode * 8 + static_cast<std::uint32_t>(rest[at] - '0');
  }
  if (at == 0 || at >= rest.size()) return std::nullopt;
  const void* zero = std::memchr(rest.data() + at + 1, 0, rest.size() - at - 1);
  if (zero == nullptr) return std::nullopt;
  const auto end = static_cast<std::size_t>(static_cast<const char*>(zero) - rest.data());
  out.name = rest.substr(at + 1, end - at - 1);
  if (out.name.empty() || rest.size() - end - 1 < 20) return std::nullopt;
  if (std::memchr(out.name.data(), '/', out.name.size()) != nullptr) return std::nullopt;
  std::memcpy(out.id.bytes.data(), rest.data() + end + 1, 20);
  rest.remove_prefix(end + 21);
  return out;
}

Result<std::vector<TreeEntry>> parse_tree(std::string_view bytes) {
  std::vector<TreeEntry> out;
  while (!bytes.empty()) {
    const auto entry = next_entry(bytes);
    if (!entry)
      return malformed("tree", "entry " + std::to_string(out.size() + 1) + " has no mode, name and id");
    out.push_back(*entry);
  }
  return out;
}

Result<Commit> parse_commit(std::string_view bytes) {
  Commit out;
  bool in_signature = false;
  std::string_view rest = bytes;
  std::string_view line = take_line(rest);
  const auto tree = starts_with(line, "tree ") ? ObjectId::from_hex(line.substr(5)) : std::nullopt;
  if (!tree) return malformed("commit", "its first line names no tree");
  out.tree = *tree;
  while (!rest.empty()) {
    line = take_line(rest);
    if (line.empty()) {
      out.message = std::string(rest);
      break;
    }
    if (line.front() == ' ') {
      if (in_signature) out.signature.append(line.substr(1)).push_back('\n');
      continue;
    }
    in_signature = false;
    if (starts_with(line, "parent ")) {
      const auto parent = ObjectId::from_hex(line.substr(7));
      if (!parent) return malformed("commit", "a parent line holds no object id");
      if (out.parents.size() >= kMaxParents) {
        return Error(ErrorCode::too_large,
                     "The commit has more than " + std::to_string(kMaxParents) + " parents (kMaxParents).");
      }
      out.parents.push_back(*parent);
    } else if (starts_with(line, "author ")) {
      out.author = parse_person(line.substr(7));
    } else if (starts_with(line, "committer ")) {
      out.committer = parse_person(line.substr(10));
    } else if (starts_with(line, "gpgsig ") && out.signature.empty()) {
      out.signature = std::string(line.substr(7)) + "\n";
      in_signature = true;
    }
  }
  out.signature_kind = signature_kind(out.signature);
  return out;
}

Result<Tag> parse_tag(std::string_view bytes) {
  Tag out;
  const std::size_t armor = armor_of_tag(bytes);
  out.signature = std::string(bytes.substr(armor));
  out.signature_kind = signature_kind(out.signature);
  std::string_view rest = bytes.substr(0, armor);
  std::string_view line = take_line(rest);
  const auto target = starts_with(line, "object ") ? ObjectId::from_hex(line.substr(7)) : std::nullopt;
  if (!target) return malformed("tag", "its first line names no object");
  out.target = *target;
  line = take_line(rest);
  bool known = false;
  for (const ObjectType type : {ObjectType::commit, ObjectType::tree, ObjectType::blob, ObjectType::tag}) {
    if (line != "type " + std::string(to_string(type))) continue;
    out.target_type = type;
    known = true;
  }
  if (!known) return malformed("tag", "its second line names no type of object");
  while (!rest.empty()) {
    line = take_line(rest);
    if (line.empty()) {
      out.message = std::string(rest);
      break;
    }
    if (starts_with(line, "tag ")) out.name = std::string(line.substr(4));
    if (starts_with(line, "tagger ")) out.tagger = parse_person(line.substr(7));
  }
  return out;
}

std::string signed_bytes_of_commit(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  bool skipping = false;
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const std::string_view before = rest;
    const std::string_view line = take_line(rest);
    if (line.empty()) return out.append(before);
    skipping = line.front() == ' ' ? skipping : starts_with(line, "gpgsig");
    if (!skipping) out.append(before.substr(0, before.size() - rest.size()));
  }
  return out;
}

std::string_view signed_bytes_of_tag(std::string_view bytes) { return bytes.substr(0, armor_of_tag(bytes)); }

}  // namespace cardwarden
