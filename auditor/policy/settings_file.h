// SPDX-License-Identifier: Apache-2.0
#pragma once
// A YAML file that a person wrote for the auditor, read strictly: every mistake is an Error that says where
// it stands and what was expected. Shared by policies and configuration.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "base/yaml.h"

namespace cardwarden {

constexpr std::size_t kMaxSettingsBytes = std::size_t{1024} * 1024;  // of one policy or configuration file

// A text and where it was written: "path:line:column", an environment variable, or a flag.
struct Placed {
  std::string text;
  std::string where;
};

class SettingsFile {
 public:
  // Fails on anything the YAML reader complains of, and unless the document is a mapping (or empty).
  static Result<SettingsFile> parse(std::string path, std::string_view text, ErrorCode code);

  const yaml::Node& root() const { return root_; }
  const std::string& path() const { return path_; }
  std::string where(const yaml::Node& node) const;       // "path:line:column"
  std::string where_line(const yaml::Node& node) const;  // "path:line"
  Error error(const yaml::Node& node, std::string message) const;
  Error error_at(std::string message, std::string where) const {
    return {code_, std::move(message), std::move(where)};
  }

  // `what` names the value in messages: "`gate`".
  Result<Nothing> mapping(const yaml::Node& node, std::string_view what) const;
  Result<Nothing> keys(const yaml::Node& mapping, const std::vector<std::string_view>& known,
                       std::string_view what) const;
  Result<std::string> text(const yaml::Node& node,
                           std::string_view what) const;  // a scalar that is not empty
  Result<std::vector<Placed>> texts(const yaml::Node& node,
                                    std::string_view what) const;  // a scalar or a list
  Result<bool> flag(const yaml::Node& node, std::string_view what) const;
  Result<std::uint64_t> count(const yaml::Node& node, std::string_view what) const;
  Result<double> share(const yaml::Node& node, std::string_view what) const;  // 0 to 1

 private:
  SettingsFile() = default;

  std::string path_;
  std::string text_;
  LineIndex lines_;
  yaml::Node root_;
  ErrorCode code_ = ErrorCode::config;
};

std::optional<std::uint64_t> parse_count(std::string_view text);
std::optional<double> parse_share(std::string_view text);  // 0 to 1

// " Did you mean `x`?", or nothing.
std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& candidates);

// "a, b or c".
std::string one_of(const std::vector<std::string_view>& words, std::string_view last = "or");

}  // namespace cardwarden
