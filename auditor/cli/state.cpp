// SPDX-License-Identifier: Apache-2.0
#include "cli/state.h"

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "base/files.h"
#include "base/text.h"
#include "base/time.h"

namespace cardwarden::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCredential = "cardwarden-passphrase";

}  // namespace

std::string environment(const std::string& name) { return system_host().environment(name).value_or(""); }

Result<std::string> state_folder(const std::string& flag) {
  if (!flag.empty()) return flag;
  if (std::string named = environment("CARDWARDEN_STATE"); !named.empty()) return named;
  if (const std::string xdg = environment("XDG_STATE_HOME"); !xdg.empty()) return xdg + "/cardwarden";
  if (const std::string home = environment("HOME"); !home.empty()) return home + "/.local/state/cardwarden";
  return Error(ErrorCode::usage,
               "There is no folder to keep state in; name one by --state or CARDWARDEN_STATE.");
}

Done make_private_folder(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return Nothing{};
  const fs::path above = fs::path(path).parent_path();
  if (!above.empty() && !fs::exists(above, error)) {
    if (auto made = make_private_folder(above.string()); !made) return made;
  }
  fs::create_directories(path, error);
  if (!error) fs::permissions(path, fs::perms::owner_all, error);
  if (error) return Error(ErrorCode::io, "The folder cannot be made: " + error.message() + ".", path);
  return Nothing{};
}

Result<std::uint64_t> hour(const World& world) {
  const std::uint64_t now = world.clock ? world.clock() : 0;
  if (now == 0) return Error(ErrorCode::io, "The clock of this machine cannot be read.");
  return now;
}

Result<std::string> chance(const World& world, std::size_t byte_count) {
  std::string out(byte_count, '\0');
  if (!world.chance || !world.chance(out.data(), out.size())) {
    return Error(ErrorCode::io, "This machine gives no random bytes.");
  }
  return out;
}

Result<std::string> read_passphrase(const std::string& flag) {
  std::string path = !flag.empty() ? flag : environment("CARDWARDEN_PASSPHRASE_FILE");
  if (path.empty()) {
    const std::string folder = environment("CREDENTIALS_DIRECTORY");
    std::error_code error;
    if (!folder.empty() && fs::exists(fs::path(folder) / kCredential, error))
      path = folder + "/" + kCredential;
  }
  if (path.empty()) {
    return Error(ErrorCode::usage,
                 "The key has a passphrase; name the file that holds it by --passphrase-file or "
                 "CARDWARDEN_PASSPHRASE_FILE.");
  }
  auto out = read_private_file(path);
  if (!out) return out;
  if (!out->empty() && out->back() == '\n') out->pop_back();
  if (!out->empty() && out->back() == '\r') out->pop_back();
  return out;
}

Result<std::uint64_t> read_moment(const std::string& text, const char* flag) {
  constexpr std::size_t kDateChars = 10;
  const auto time = parse_time(text.size() == kDateChars ? text + "T00:00:00Z" : text);
  if (time) return time;
  return Error(ErrorCode::usage,
               "Expected a day or a moment in UTC, such as 2026-11-21 or 2026-11-21T08:00:00Z.", flag);
}

void print_rows(std::ostream& out, const Rows& rows) {
  std::vector<std::vector<std::string>> table;
  table.reserve(rows.size());
  for (const auto& [name, value] : rows) table.push_back({name, value});
  print_table(out, table);
}

void print_table(std::ostream& out, const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::vector<std::string>> safe;
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    auto& cells = safe.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      cells.push_back(text::printable(row[i]));
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], text::display_width(cells[i]));
    }
  }
  for (const auto& row : safe) {
    std::string line;
    std::size_t pad = 0;  // owed before the next cell, so that no line ends in blanks
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (!row[i].empty()) line += std::string(pad, ' ') + row[i];
      pad = (row[i].empty() ? pad : 0) + widths[i] - text::display_width(row[i]) + 2;
    }
    out << line << "\n";
  }
}

}  // namespace cardwarden::cli
