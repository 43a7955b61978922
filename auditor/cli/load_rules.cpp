// SPDX-License-Identifier: Apache-2.0
#include "cli/load_rules.h"

#include <filesystem>

#include "base/files.h"
#include "cli/files.h"
#include "rules/packed.h"
#include "rules/registry.h"

namespace cardwarden::cli {

Result<std::unique_ptr<RuleBook>> load_rules(const std::vector<std::string>& directories) {
  std::string vocabulary(builtin_vocabulary());
  for (const std::string& directory : directories) {
    std::error_code error;
    for (const char* place : {"/vocabulary.yaml", "/../vocabulary.yaml", "/../../vocabulary.yaml"}) {
      if (!std::filesystem::exists(directory + place, error)) continue;
      auto content = read_whole_file(directory + place);
      if (!content) return content.error();
      vocabulary = std::move(*content);
      break;
    }
  }
  auto folders = read_rule_folders(directories);
  if (!folders) return folders.error();
  const bool plain = directories.empty();
  return RuleBook::create(builtin_rules(), std::move(*folders), std::move(vocabulary),
                          plain ? builtin_packed_rules() : PackedRules{});
}

}  // namespace cardwarden::cli
