// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include "engine/hub.h"
#include "engine/metadata.h"

namespace cardwarden::rules {
namespace {

// "10k < n < 100k" and "10K&lt;n&lt;100K" are slips for "10K<n<100K".
std::string tidied(std::string_view written) {
  std::string out;
  for (std::size_t i = 0; i < written.size(); ++i) {
    char c = written[i];
    if (written.compare(i, 4, "&lt;") == 0 || written.compare(i, 4, "&gt;") == 0) {
      c = written[i + 1] == 'l' ? '<' : '>';
      i += 3;
    }
    if (c == ' ' || c == ',' || c == '"') continue;
    if (c == 'N') c = 'n';
    if (c == 'k' || c == 'm' || c == 'b' || c == 't') c = static_cast<char>(c - 'a' + 'A');
    out += c;
  }
  return out;
}

}  // namespace

std::vector<Finding> metadata_size_category_invalid(const Subject& subject) {
  if (subject.card.kind != Kind::dataset) return {};
  const metadata::Vocabulary sizes{"a size category of the Hub", hub::entries(hub::List::size_categories)};
  std::vector<Finding> out;
  for (const metadata::Value& value : metadata::select(subject.card, "size_categories[]")) {
    if (metadata::full(out)) break;
    if (!value.is_text() || metadata::listed(sizes, value.text()) || value.text() == "other") continue;
    Finding finding = metadata::not_listed(value, sizes);
    const std::string meant = tidied(value.text());
    finding.remedy =
        metadata::listed(sizes, meant)
            ? "Write " + meant + "."
            : "Write the range that holds the number of examples, from n<1K to n>1T, for example 10K<n<100K.";
    out.push_back(finding);
  }
  return out;
}

}  // namespace cardwarden::rules
