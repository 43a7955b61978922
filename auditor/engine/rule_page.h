// SPDX-License-Identifier: Apache-2.0
#pragma once
// rule.md as a value. The same text serves `explain`, reports and the web page.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "card/card.h"

namespace cardwarden {

struct RuleMeta {
  std::string_view id;
  std::string title;
  std::string question;
  std::string message;
  std::string remedy;
  std::string page;  // rule.md without front matter
  std::vector<std::string> references;
  std::string status;  // experimental, stable, deprecated
  std::string since;
  std::vector<Kind> kinds;
  std::vector<std::string>
      needs;  // "repository", "history", "timeline": what the rule cannot do without; often empty
  std::vector<std::string> asks;  // ids of the disclosures that a native rule asks for
};

// The sections every page has, in this order, as "## " headings.
const std::vector<std::string_view>& rule_page_sections();

// `id` and `source` must outlive the result. `path` is named in errors.
Result<RuleMeta> parse_rule_page(std::string_view id, std::string_view source, std::string_view path);

// The text of one section of a page, without its heading; empty when it is not there.
std::string_view rule_page_section(std::string_view page, std::string_view heading);

}  // namespace cardwarden
