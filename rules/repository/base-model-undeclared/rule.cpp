// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "engine/repository_query.h"

namespace cardwarden::rules {
namespace {

// Whether the card speaks of a repository of the same owner: then the id is an earlier state of this model.
bool is_own_owner(const Card& card, std::string_view id) {
  const std::size_t slash = id.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string owner(id.substr(0, slash + 1));
  for (const char quote : {'"', '\''}) {
    const std::size_t at = card.text.find("from_pretrained(" + std::string(1, quote) + owner);
    if (at == std::string::npos) continue;
    const std::size_t name = at + 17;
    if (card.text.compare(name, id.size(), id) != 0 || card.text[name + id.size()] != quote) return true;
  }
  return false;
}

}  // namespace

std::vector<Finding> repository_base_model_undeclared(const Subject& subject) {
  if (!around::declared_bases(subject.card).empty()) return {};
  const auto named = around::base_in_files(*subject.repository);
  if (!named || (!named->adapter && is_own_owner(subject.card, named->id))) return {};
  const std::string shown = text::excerpt(named->id, 100);
  return {file_finding(
      Outcome::violated, named->quote,
      named->quote.path + " names the base model " + shown + ", but the front matter names none.",
      "Add base_model: " + shown + " to the front matter" +
          (named->quote.line == 0 ? ", or the model that was converted." : "."),
      "base_model")};
}

}  // namespace cardwarden::rules
