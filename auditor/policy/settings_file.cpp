// SPDX-License-Identifier: Apache-2.0
#include "policy/settings_file.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.h"

namespace cardwarden {
namespace {

std::string_view spoken(const yaml::Node& node) {
  switch (node.type) {
    case yaml::Type::null:
      return "nothing";
    case yaml::Type::scalar:
      return "a single value";
    case yaml::Type::sequence:
      return "a list";
    case yaml::Type::mapping:
      return "a mapping";
  }
  return "nothing";
}

std::string expected(std::string_view what, std::string_view wanted, const yaml::Node& found) {
  std::string out(what);
  out += " must be ";
  out += wanted;
  out += ", not ";
  if (found.is_scalar() && text::trim(found.text).empty()) {
    out += "an empty one";
  } else if (found.is_scalar()) {
    out += '"' + text::printable(text::excerpt(found.text, 60)) + '"';
  } else {
    out += spoken(found);
  }
  out += ".";
  return out;
}

std::string in_print(std::string_view name) { return "`" + text::printable(text::excerpt(name, 80)) + "`"; }

}  // namespace

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<double> parse_share(std::string_view text) {
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  if (!(number >= 0 && number <= 1)) return std::nullopt;
  return number;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& candidates) {
  const auto near = text::nearest(name, candidates);
  return near ? " Did you mean `" + *near + "`?" : std::string();
}

std::string one_of(const std::vector<std::string_view>& words, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " " + std::string(last) + " " : ", ";
    out += words[i];
  }
  return out;
}

Result<SettingsFile> SettingsFile::parse(std::string path, std::string_view text, ErrorCode code) {
  SettingsFile file;
  file.path_ = std::move(path);
  file.code_ = code;
  if (text.size() > kMaxSettingsBytes) {
    return Error(ErrorCode::too_large,
                 "The file has " + std::to_string(text.size()) + " bytes; at most " +
                     std::to_string(kMaxSettingsBytes) + " are read (kMaxSettingsBytes).",
                 file.path_);
  }
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  file.text_ = std::string(text);
  file.lines_ = LineIndex(file.text_);
  yaml::Document document = yaml::parse(file.text_);
  file.root_ = std::move(document.root);
  if (!document.problems.empty()) {
    const yaml::Problem& problem = document.problems.front();
    yaml::Node at;
    at.span = problem.span;
    return file.error(at, problem.message);
  }
  if (!file.root_.is_mapping() && !file.root_.is_null()) {
    return file.error(file.root_, expected("The file", "a mapping", file.root_));
  }
  return file;
}

std::string SettingsFile::where(const yaml::Node& node) const {
  const Position position = lines_.position(text_, node.span.begin);
  return path_ + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
}

std::string SettingsFile::where_line(const yaml::Node& node) const {
  return path_ + ":" + std::to_string(lines_.line_of(node.span.begin));
}

Error SettingsFile::error(const yaml::Node& node, std::string message) const {
  return {code_, std::move(message), where(node)};
}

Result<Nothing> SettingsFile::mapping(const yaml::Node& node, std::string_view what) const {
  if (!node.is_mapping()) return error(node, expected(what, "a mapping", node));
  return Nothing{};
}

Result<Nothing> SettingsFile::keys(const yaml::Node& mapping, const std::vector<std::string_view>& known,
                                   std::string_view what) const {
  for (const yaml::Entry& entry : mapping.entries) {
    if (!entry.key.is_scalar()) return error(entry.key, expected("A key", "a word", entry.key));
    if (std::find(known.begin(), known.end(), entry.key.text) != known.end()) continue;
    std::string message = "Unknown key " + in_print(entry.key.text) + " in " + std::string(what) + ".";
    const std::string hint = did_you_mean(entry.key.text, known);
    message += hint.empty() ? " The keys are " + one_of(known, "and") + "." : hint;
    return error(entry.key, std::move(message));
  }
  return Nothing{};
}

Result<std::string> SettingsFile::text(const yaml::Node& node, std::string_view what) const {
  if (!node.is_scalar() || text::trim(node.text).empty()) {
    return error(node, expected(what, "a text", node));
  }
  return std::string(text::trim(node.text));
}

Result<std::vector<Placed>> SettingsFile::texts(const yaml::Node& node, std::string_view what) const {
  std::vector<Placed> out;
  if (node.is_scalar()) {
    auto one = text(node, what);
    if (!one) return one.error();
    out.push_back({*one, where(node)});
    return out;
  }
  if (!node.is_sequence()) return error(node, expected(what, "a text or a list of texts", node));
  for (const yaml::Node& item : node.items) {
    auto one = text(item, "Each item of " + std::string(what));
    if (!one) return one.error();
    out.push_back({*one, where(item)});
  }
  return out;
}

Result<bool> SettingsFile::flag(const yaml::Node& node, std::string_view what) const {
  if (node.is_scalar() && node.text == "true") return true;
  if (node.is_scalar() && node.text == "false") return false;
  return error(node, expected(what, "true or false", node));
}

Result<std::uint64_t> SettingsFile::count(const yaml::Node& node, std::string_view what) const {
  const auto number = node.is_scalar() ? parse_count(node.text) : std::nullopt;
  if (!number) return error(node, expected(what, "a whole number, 0 or more", node));
  return *number;
}

Result<double> SettingsFile::share(const yaml::Node& node, std::string_view what) const {
  const auto number = node.is_scalar() ? parse_share(node.text) : std::nullopt;
  if (!number) return error(node, expected(what, "a number from 0 to 1", node));
  return *number;
}

}  // namespace cardwarden
