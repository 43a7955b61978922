// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "base/text.h"
#include "crypto/token_signer.h"

namespace cardwarden {
namespace {

constexpr std::string_view kScheme = "pkcs11:";

Error bad(const std::string& what) {
  return {ErrorCode::usage, "Expected pkcs11:token=LABEL;object=LABEL?module-path=PATH: " + what};
}

Result<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out.push_back(text[at]);
      continue;
    }
    const auto byte = bytes_from_hex(text::lower_ascii(text.substr(at + 1, 2)));
    if (!byte || byte->size() != 1) return bad("a percent sign stands before two hexadecimal digits.");
    out += *byte;
    at += 2;
  }
  return out;
}

using Attributes = std::map<std::string, std::string>;

Done read_attributes(std::string_view part, char separator, Attributes& out) {
  if (part.empty()) return Nothing{};
  for (const std::string_view one : text::split(part, separator)) {
    const std::size_t equals = one.find('=');
    if (equals == std::string_view::npos) return bad("an attribute has no equals sign.");
    auto value = decoded(one.substr(equals + 1));
    if (!value) return value.error();
    const std::string name(one.substr(0, equals));
    if (!out.emplace(name, *std::move(value)).second)
      return bad("the attribute " + text::printable(name) + " stands twice.");
  }
  return Nothing{};
}

std::string take(Attributes& from, const char* name) {
  const auto at = from.find(name);
  if (at == from.end()) return {};
  std::string out = std::move(at->second);
  from.erase(at);
  return out;
}

}  // namespace

std::string token_uri(const TokenKey& where) {
  // Characters of RFC 3986 that need no percent sign anywhere, and the slash of paths.
  const auto encoded = [](std::string_view value, bool path) {
    std::string out;
    for (const char c : value) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                         c == '-' || c == '.' || c == '_' || c == '~' || (path && c == '/');
      out += plain ? std::string(1, c) : "%" + hex(std::string(1, c));
    }
    return out;
  };
  std::string out = std::string(kScheme) + "token=" + encoded(where.token, false) +
                    ";object=" + encoded(where.label, false);
  if (!where.id.empty()) {
    out += ";id=";
    for (const char c : where.id) out += "%" + hex(std::string(1, c));
  }
  if (!where.module.empty()) out += "?module-path=" + encoded(where.module, true);
  return out;
}

Result<TokenKey> parse_token_uri(std::string_view uri) {
  const Error too_long(
      ErrorCode::too_large,
      "The PKCS#11 URI has more than " + std::to_string(kMaxTokenUriBytes) + " bytes (kMaxTokenUriBytes).");
  if (uri.size() > kMaxTokenUriBytes) return too_long;
  if (uri.substr(0, kScheme.size()) != kScheme) return bad("it begins otherwise.");
  uri.remove_prefix(kScheme.size());
  const std::size_t query = uri.find('?');
  Attributes all;
  if (auto good = read_attributes(uri.substr(0, query), ';', all); !good) return good.error();
  if (query != std::string_view::npos) {
    if (auto good = read_attributes(uri.substr(query + 1), '&', all); !good) return good.error();
  }
  TokenKey out;
  out.token = take(all, "token");
  out.label = take(all, "object");
  out.id = take(all, "id");
  out.module = take(all, "module-path");
  const std::string type = take(all, "type");
  if (!type.empty() && type != "private") return bad("its type is private or left out.");
  if (!all.empty())
    return bad("the attribute " + text::printable(all.begin()->first) + " is not taken here.");
  if (out.token.empty() || out.label.empty()) return bad("the token or the object is missing.");
  // Bytes that stand for themselves may need percent signs when the URI is written down and read again.
  if (token_uri(out).size() > kMaxTokenUriBytes) return too_long;
  return out;
}

}  // namespace cardwarden
