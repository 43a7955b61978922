// SPDX-License-Identifier: Apache-2.0
#pragma once
// Finding cards and rule folders on disk.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/rulebook.h"

namespace cardwarden::cli {

// The cards that the arguments name, sorted and once each. A file is taken as it is. A folder with a
// README.md of its own is one repository, and that file its card; any other folder is searched for such
// repositories, and where there is none, for *.md files. Hidden folders, node_modules and symbolic links to
// folders are passed over.
Result<std::vector<std::string>> find_cards(const std::vector<std::string>& arguments);

// Rule folders at or below the directories (a folder that holds rule.md), sorted by id. An id is the last two
// parts of the path.
Result<std::vector<RuleFolder>> read_rule_folders(const std::vector<std::string>& directories);

}  // namespace cardwarden::cli
