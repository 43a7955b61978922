// SPDX-License-Identifier: Apache-2.0
// A tool of the build: pack_rules FOLDER writes FOLDER/{model,dataset,space}.rules from the built-in rules. A
// rule that does not compile stops the build with its place and what is wrong.
#include <cstdio>
#include <fstream>
#include <string>

#include "engine/rulebook.h"
#include "rules/registry.h"

int main(int argc, char** argv) {
  using namespace cardwarden;
  if (argc != 2) return 2;
  auto book = RuleBook::create(builtin_rules(), {}, std::string(builtin_vocabulary()));
  if (!book) {
    std::fprintf(stderr, "%s\n", book.error().text().c_str());
    return 1;
  }
  for (const Kind kind : {Kind::model, Kind::dataset, Kind::space}) {
    if (auto compiled = (*book)->detectors(kind); !compiled) {
      std::fprintf(stderr, "%s\n", compiled.error().text().c_str());
      return 1;
    }
    std::ofstream out(std::string(argv[1]) + "/" + std::string(to_string(kind)) + ".rules", std::ios::binary);
    out << (*book)->pack(kind);
    if (!out.flush()) return 1;
  }
  return 0;
}
