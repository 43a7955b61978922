// SPDX-License-Identifier: Apache-2.0
#pragma once
// A rule's answer about a subject: facts with quotes. Severity, suppression and the gate come later
// (policy/).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"
#include "evidence/disclosure.h"

namespace cardwarden {

enum class Outcome : std::uint8_t {
  disclosed,       // a disclosure rule found its words; not a problem
  placeholder,     // only a heading or template text stands there
  absent,          // the card is silent
  violated,        // the card breaks a rule of form (a wrong key, an unknown id)
  contradicted,    // two statements refute each other
  not_applicable,  // the rule does not concern this subject
  not_assessable,  // nothing the auditor can read decides it
};
std::string_view to_string(Outcome outcome);
bool is_problem(Outcome outcome);  // placeholder, absent, violated, contradicted

// Words of another file of the repository, beside the card's.
struct FileQuote {
  std::string path;        // from the root of the repository
  std::uint32_t line = 0;  // 1-based; 0: the file as a whole (its header, its size, that it is not there)
  std::string words;       // as they stand in the file, or what was read from it: "8,030,261,248 parameters"
};

struct Finding {
  std::string_view rule;  // id, storage lives as long as the registry
  Outcome outcome = Outcome::violated;
  Span span;  // where to point; empty (and !located) when the card as a whole is meant
  bool located = false;
  std::string message;             // what is wrong, one or two sentences, no Markdown
  std::string remedy;              // what to write
  std::vector<Evidence> evidence;  // quotes; contradicted has two, here and in `files` together
  std::vector<FileQuote> files;    // quotes of files around the card; of contradicted the refutation
  bool sensitive = false;          // the words at `span` must not be shown: a secret
  std::string
      key;  // what the finding is about, stable under edits elsewhere ("license", "tags[2]"); may be empty
};

}  // namespace cardwarden
