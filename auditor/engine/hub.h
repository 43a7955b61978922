// SPDX-License-Identifier: Apache-2.0
#pragma once
// The Hugging Face Hub's own lists (rules/hub/*.txt, embedded by the build; each names its version and date).
// Sorted views with storage for the life of the program.

#include <string_view>
#include <vector>

namespace cardwarden::hub {

enum class List { licenses, tasks, task_ids, libraries, size_categories, space_sdks, languages };

const std::vector<std::string_view>& entries(List list);
bool contains(List list, std::string_view id);
std::string_view version(List list);  // the date the list was taken, "2026-08"

}  // namespace cardwarden::hub
