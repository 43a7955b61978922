// SPDX-License-Identifier: Apache-2.0
#include "engine/license_chain.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace cardwarden {

std::string_view rule_table(std::string_view name);  // embedded by the build (cmake/EmbedText.cmake)

namespace {

struct Table {
  std::vector<BaseTerms> rows;
  std::string version;
};

const Table& table() {
  static const Table kTable = [] {
    Table out;
    std::string_view version;
    std::string_view date;
    for (const std::string_view line : text::split(rule_table("base_licenses"), '\n')) {
      if (line.substr(0, 8) == "version:") version = text::trim(line.substr(8));
      if (line.substr(0, 5) == "date:") date = text::trim(line.substr(5));
      const auto cells = text::split(line, '|');
      if (line.substr(0, 1) == "#" || cells.size() != 4) continue;
      out.rows.push_back(
          {text::trim(cells[0]), text::trim(cells[1]), text::trim(cells[2]), text::trim(cells[3])});
    }
    out.version = std::string(version) + " of " + std::string(date);
    return out;
  }();
  return kTable;
}

// '*' stands for any letters, at the end of the patterns only or in their middle once.
bool matches(std::string_view pattern, std::string_view id) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == id;
  const std::string_view begin = pattern.substr(0, star);
  const std::string_view end = pattern.substr(star + 1);
  return id.size() >= begin.size() + end.size() && id.substr(0, begin.size()) == begin &&
         id.substr(id.size() - end.size()) == end;
}

}  // namespace

const std::vector<BaseTerms>& base_terms() { return table().rows; }

std::string_view base_terms_version() { return table().version; }

const BaseTerms* terms_of_base(std::string_view id) {
  const std::string wanted = text::lower_ascii(text::trim(id));
  const auto& rows = table().rows;
  const auto at = std::find_if(rows.begin(), rows.end(),
                               [&](const BaseTerms& row) { return matches(row.pattern, wanted); });
  return at == rows.end() ? nullptr : &*at;
}

bool is_permissive_license(std::string_view id) {
  static constexpr std::string_view kPermissive[] = {"0bsd",
                                                     "afl-3.0",
                                                     "apache-2.0",
                                                     "artistic-2.0",
                                                     "bsd-2-clause",
                                                     "bsd-3-clause",
                                                     "bsd-3-clause-clear",
                                                     "bsl-1.0",
                                                     "bsd",
                                                     "cc-by-2.0",
                                                     "cc-by-3.0",
                                                     "cc-by-4.0",
                                                     "cc0-1.0",
                                                     "isc",
                                                     "mit",
                                                     "mit-0",
                                                     "ms-pl",
                                                     "cdla-permissive-2.0",
                                                     "ncsa",
                                                     "openmdw-1.0",
                                                     "pddl",
                                                     "postgresql",
                                                     "cdla-permissive-1.0",
                                                     "unlicense",
                                                     "wtfpl",
                                                     "zlib",
                                                     "ecl-2.0"};
  const std::string wanted = text::lower_ascii(text::trim(id));
  return std::find(std::begin(kPermissive), std::end(kPermissive), wanted) != std::end(kPermissive);
}

}  // namespace cardwarden
