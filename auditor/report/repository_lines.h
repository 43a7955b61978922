// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a report says of the repository around a card: a few labelled lines, for people. Names and texts of
// the repository stand in them as they are; the writer of a format escapes them.

#include <string>
#include <vector>

#include "engine/repository_facts.h"

namespace cardwarden::render {

struct LabelledLine {
  std::string label;  // "Commit"
  std::string text;
};

std::vector<LabelledLine> repository_lines(const RepositoryFacts& facts);

// "8,030,261,248"
std::string grouped(std::uint64_t number);

}  // namespace cardwarden::render
