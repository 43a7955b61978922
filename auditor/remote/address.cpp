// SPDX-License-Identifier: Apache-2.0
#include "remote/address.h"

#include <algorithm>

#include "base/text.h"

namespace cardwarden {
namespace {

bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool starts_with(std::string_view text, std::string_view head) { return text.substr(0, head.size()) == head; }
bool ends_with(std::string_view text, std::string_view tail) {
  return text.size() >= tail.size() && text.substr(text.size() - tail.size()) == tail;
}

Error wrong(std::string message, std::string_view where) {
  return {ErrorCode::usage, std::move(message), std::string(where)};
}

// Four numbers from 0 to 255 with dots, none with a zero before it: "127.1" and "0177.0.0.1" mean other
// things to other readers.
bool is_ipv4(std::string_view host) {
  const auto parts = text::split(host, '.');
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
           if (part.empty() || part.size() > 3 || (part.size() > 1 && part[0] == '0')) return false;
           int value = 0;
           for (const char c : part) {
             if (!is_digit(c)) return false;
             value = value * 10 + (c - '0');
           }
           return value <= 255;
         });
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kMaxHostLabelBytes && label.front() != '-' &&
         label.back() != '-' &&
         std::all_of(label.begin(), label.end(), [](char c) { return is_alnum(c) || c == '-'; });
}

bool is_host(std::string_view host) {
  if (host == "::1" || is_ipv4(host)) return true;
  if (host.size() > kMaxHostBytes) return false;
  const auto labels = text::split(host, '.');
  // A last label of digits would be read as a part of a number, not of a name.
  return std::all_of(labels.begin(), labels.end(), is_label) &&
         !std::all_of(labels.back().begin(), labels.back().end(), is_digit);
}

bool is_path_character(char c) {
  return is_alnum(c) || std::string_view("-._~+@/").find(c) != std::string_view::npos;
}

std::optional<std::uint16_t> port_of(std::string_view digits) {
  if (digits.empty() || digits.size() > 5) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : digits) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + static_cast<std::uint32_t>(c - '0');
  }
  if (value == 0 || value > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(value);
}

std::uint16_t default_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

// What is wrong with the path of a URL, or nothing.
std::string path_fault(std::string_view path) {
  for (const char c : path) {
    if (!is_path_character(c)) {
      return "the path has '" + text::printable(std::string_view(&c, 1)) +
             "'; letters, digits and -._~+@ are read";
    }
  }
  for (const std::string_view part : text::split(path, '/')) {
    if (part.empty()) return "the path has an empty part ('//')";
    if (part == "." || part == "..") return "the path has a part '" + std::string(part) + "'";
  }
  return {};
}

// What is wrong with an organisation or a name on the Hub, or nothing. The Hub's own rules.
std::string hub_name_fault(std::string_view name) {
  if (name.empty()) return "a part of it is empty";
  const std::string quoted = "'" + text::printable(name) + "'";
  if (!std::all_of(name.begin(), name.end(),
                   [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; })) {
    return quoted + " has a character other than letters, digits, '-', '_' and '.'";
  }
  if (name.front() == '-' || name.front() == '.' || name.back() == '-' || name.back() == '.') {
    return quoted + " begins or ends with '-' or '.'";
  }
  if (name.find("--") != std::string_view::npos || name.find("..") != std::string_view::npos) {
    return quoted + " has '--' or '..'";
  }
  if (ends_with(name, ".git")) return quoted + " ends with '.git', as no name on the Hub does";
  return {};
}

// `rest` is what stands after "hf:".
Result<Address> parse_hub(std::string_view shown, std::string_view rest, const Url& hub) {
  if (starts_with(rest, "//")) rest.remove_prefix(2);
  std::string_view id = rest;
  std::string prefix;
  for (const std::string_view kind : {"datasets/", "spaces/"}) {
    if (starts_with(id, kind)) {
      prefix = kind;
      id.remove_prefix(kind.size());
      break;
    }
  }
  const std::string expected = "Expected hf:org/name, hf:datasets/org/name or hf:spaces/org/name; ";
  if (id.find('@') != std::string_view::npos) {
    return wrong(expected + "a revision ('@') is named by an option of the command, not in the address.",
                 shown);
  }
  const auto parts = text::split(id, '/');
  if (parts.size() > 2) {
    return wrong(expected + "this has " + std::to_string(parts.size()) + " parts.", shown);
  }
  if (id.size() > kMaxHubIdBytes) {
    return wrong(expected + "the id has " + std::to_string(id.size()) + " bytes, the Hub allows " +
                     std::to_string(kMaxHubIdBytes) + " (kMaxHubIdBytes).",
                 shown);
  }
  for (const std::string_view part : parts) {
    const std::string fault = hub_name_fault(part);
    if (!fault.empty()) return wrong(expected + fault + ".", shown);
  }
  Address out;
  out.shown = shown;
  out.url = hub;
  out.url->path += "/" + prefix + std::string(id);
  out.on_hub = true;
  return out;
}

// A copied address of a page of the Hub ("…/tree/main") is no address of a repository.
Result<Address> settle_hub_url(std::string_view shown, const Url& url, const Url& hub) {
  std::string rest = url.path.substr(hub.path.size() + 1);
  if (ends_with(rest, ".git")) rest.resize(rest.size() - 4);
  auto out = parse_hub(shown, rest, hub);
  if (out) return out;
  return wrong(
      "This URL names no repository of the Hub: it ends after the name of the repository (…/org/name, "
      "…/datasets/org/name, …/spaces/org/name).",
      shown);
}

}  // namespace

std::string Url::text() const {
  std::string out = scheme + "://" + (host.find(':') == std::string::npos ? host : "[" + host + "]");
  if (port != default_port(scheme)) out += ":" + std::to_string(port);
  return out + path;
}

bool is_loopback_host(std::string_view host) {
  return host == "localhost" || host == "::1" || (is_ipv4(host) && starts_with(host, "127."));
}

bool host_is_listed(const std::vector<std::string>& list, std::string_view host) {
  return std::any_of(list.begin(), list.end(), [host](const std::string& one) {
    if (starts_with(one, "*.")) return host.size() >= one.size() && ends_with(host, one.substr(1));
    return one == host;
  });
}

Result<Url> parse_url(std::string_view text, std::string_view what) {
  const std::string named(what);
  // Nothing of a URL that may have a password in it is shown.
  const std::string_view shown = text.find('@') == std::string_view::npos ? text.substr(0, 100) : "";
  if (text.size() > kMaxAddressBytes) {
    return wrong(named + " has more than " + std::to_string(kMaxAddressBytes) + " bytes (kMaxAddressBytes).",
                 shown);
  }
  const std::size_t mark = text.find("://");
  if (mark == std::string_view::npos) return wrong(named + " is no URL: expected https://host/path.", shown);
  std::string_view rest = text.substr(mark + 3);
  std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.find('@') != std::string_view::npos) {
    return wrong(named +
                     " has a user or password before the host. A secret in an address ends up in logs: set "
                     "HF_TOKEN for the Hub, or clone the repository and give its path.",
                 shown);
  }
  Url out;
  out.scheme = text::lower_ascii(text.substr(0, mark));
  if (out.scheme != "https" && out.scheme != "http") {
    return wrong(named + " begins with '" + text::printable(out.scheme) +
                     "://'; expected https:// (or a path of a clone).",
                 shown);
  }
  std::string_view path = rest.substr(authority.size());
  if (path.find_first_of("?#") != std::string_view::npos) {
    return wrong(named + " has a query or a fragment ('?' or '#'); expected https://host/path.", shown);
  }
  std::string_view port;
  if (starts_with(authority, "[")) {
    const std::size_t close = authority.find(']');
    if (authority.substr(0, close) != "[::1") {
      return wrong(named + " names a host by an IPv6 address; of these only [::1] is read.", shown);
    }
    out.host = "::1";
    authority.remove_prefix(close + 1);
    if (!authority.empty() && authority.front() != ':') return wrong(named + " has no host.", shown);
  } else {
    out.host = text::lower_ascii(authority.substr(0, authority.find(':')));
    authority.remove_prefix(out.host.size());
    if (!is_host(out.host)) {
      return wrong(named + " names a host that cannot be one: '" + text::printable(out.host) +
                       "'. Write names in other scripts as xn--….",
                   shown);
    }
  }
  out.port = default_port(out.scheme);
  if (!authority.empty()) {
    const auto number = port_of(authority.substr(1));
    if (!number) return wrong(named + " has a port that is no number from 1 to 65535.", shown);
    out.port = *number;
  }
  if (out.scheme == "http" && !is_loopback_host(out.host)) {
    return wrong(named +
                     " begins with http://, which is taken for this machine only (localhost, 127.0.0.1, "
                     "[::1]). Use https://.",
                 shown);
  }
  while (ends_with(path, "/")) path.remove_suffix(1);
  if (!path.empty()) {
    const std::string fault = path_fault(path.substr(1));
    if (!fault.empty()) return wrong(named + " cannot be read: " + fault + ".", shown);
  }
  out.path = path;
  return out;
}

Result<Address> parse_address(std::string_view text, const Url& hub) {
  if (text.empty()) return wrong("Expected a path, hf:org/name or https://host/path; found nothing.", {});
  if (text.size() > kMaxAddressBytes && text.find("://") != std::string_view::npos) {
    return parse_url(text, "The address").error();
  }
  if (text.find('\0') != std::string_view::npos) return wrong("The address has a zero byte.", {});
  if (starts_with(text, "hf:")) {
    if (text.size() > kMaxAddressBytes) {
      return wrong(
          "The address has more than " + std::to_string(kMaxAddressBytes) + " bytes (kMaxAddressBytes).",
          text.substr(0, 60));
    }
    return parse_hub(text, text.substr(3), hub);
  }
  if (text.find("://") != std::string_view::npos) {
    auto url = parse_url(text, "The address");
    if (!url) return url.error();
    if (url->path.empty()) return wrong("The address names a host and no repository.", text);
    if (url->same_origin(hub) && starts_with(url->path, hub.path + "/")) {
      return settle_hub_url(text, *url, hub);
    }
    Address out;
    out.shown = text;
    out.url = std::move(*url);
    return out;
  }
  // git@host:path, the short form of SSH.
  const std::size_t at = text.find('@');
  const std::size_t colon = text.find(':');
  if (at != std::string_view::npos && colon != std::string_view::npos && at < colon &&
      text.find('/') > colon) {
    return wrong("Repositories are not fetched over SSH; use https://, or clone it and give the path.", text);
  }
  Address out;
  out.shown = text;
  out.path = text;
  return out;
}

}  // namespace cardwarden
