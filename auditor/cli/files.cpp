// SPDX-License-Identifier: Apache-2.0
#include "cli/files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>

#include "base/files.h"
#include "base/text.h"

namespace cardwarden::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxFolderDepth = 12;

Error io_error(const std::string& what, const std::string& path, int number) {
  const ErrorCode code = number == ENOENT || number == ENOTDIR ? ErrorCode::not_found : ErrorCode::io;
  return {code, what + ": " + std::strerror(number), path};
}

bool is_readme(const fs::path& path) {
  return text::equal_ignoring_case(path.filename().string(), "README.md");
}

bool passed_over(const fs::path& folder) {
  const std::string name = folder.filename().string();
  return name == "node_modules" || (name.size() > 1 && name[0] == '.' && name != "..");
}

struct Search {
  std::vector<std::string> readmes;
  std::vector<std::string> others;

  void folder(const fs::path& path, int depth) {
    std::error_code error;
    std::vector<fs::path> folders;
    std::vector<std::string> documents;
    bool repository = false;
    for (fs::directory_iterator it(path, fs::directory_options::skip_permission_denied, error), end;
         !error && it != end; it.increment(error)) {
      const fs::directory_entry& entry = *it;
      std::error_code ignored;
      if (entry.is_directory(ignored) && !entry.is_symlink(ignored)) {
        if (!passed_over(entry.path())) folders.push_back(entry.path());
      } else if (is_readme(entry.path())) {
        readmes.push_back(entry.path().string());
        repository = true;
      } else if (entry.path().extension() == ".md") {
        documents.push_back(entry.path().string());
      }
    }
    if (repository) return;
    others.insert(others.end(), documents.begin(), documents.end());
    if (depth >= kMaxFolderDepth) return;
    for (const fs::path& inner : folders) this->folder(inner, depth + 1);
  }
};

}  // namespace

Result<std::vector<std::string>> find_cards(const std::vector<std::string>& arguments) {
  std::vector<std::string> out;
  for (const std::string& argument : arguments) {
    std::error_code error;
    const fs::file_status status = fs::status(argument, error);
    if (!fs::exists(status)) return io_error("no such file or folder", argument, ENOENT);
    if (!fs::is_directory(status)) {
      out.push_back(argument);
      continue;
    }
    Search search;
    search.folder(argument, 0);
    auto& found = search.readmes.empty() ? search.others : search.readmes;
    if (found.empty())
      return Error{ErrorCode::not_found, "holds no README.md and no other .md file", argument};
    out.insert(out.end(), found.begin(), found.end());
  }
  for (std::string& path : out) {
    if (path.size() > 2 && path.compare(0, 2, "./") == 0) path.erase(0, 2);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

namespace {

Done gather_rules(const fs::path& folder, int depth, std::vector<RuleFolder>& out) {
  std::error_code error;
  if (fs::exists(folder / "rule.md", error)) {
    RuleFolder rule;
    const fs::path absolute = fs::weakly_canonical(folder, error);
    rule.folder = folder.string();
    rule.id = absolute.parent_path().filename().string() + "/" + absolute.filename().string();
    struct Part {
      const char* name;
      std::string& target;
      bool required;
    };
    for (const Part& part : {Part{"rule.md", rule.page, true}, Part{"cases.yaml", rule.cases, true},
                             Part{"detect.yaml", rule.detect, false}}) {
      const fs::path file = folder / part.name;
      if (!part.required && !fs::exists(file, error)) continue;
      auto content = read_whole_file(file.string());
      if (!content) return content.error();
      part.target = std::move(*content);
    }
    out.push_back(std::move(rule));
    return Nothing{};
  }
  if (depth > 3) return Nothing{};
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    std::error_code ignored;
    if (!entry.is_directory(ignored)) continue;
    auto done = gather_rules(entry.path(), depth + 1, out);
    if (!done) return done;
  }
  return Nothing{};
}

}  // namespace

Result<std::vector<RuleFolder>> read_rule_folders(const std::vector<std::string>& directories) {
  std::vector<RuleFolder> out;
  for (const std::string& directory : directories) {
    std::error_code error;
    if (!fs::is_directory(directory, error))
      return Error{ErrorCode::rule, "is no folder of rules", directory};
    const std::size_t before = out.size();
    auto done = gather_rules(directory, 0, out);
    if (!done) return done.error();
    if (out.size() == before)
      return Error{ErrorCode::rule, "holds no rule folder (a folder with rule.md)", directory};
  }
  std::sort(out.begin(), out.end(), [](const RuleFolder& a, const RuleFolder& b) { return a.id < b.id; });
  for (std::size_t i = 1; i < out.size(); ++i) {
    if (out[i].id == out[i - 1].id)
      return Error{ErrorCode::rule, "has the id of the rule in " + out[i - 1].folder, out[i].folder};
  }
  return out;
}

}  // namespace cardwarden::cli
