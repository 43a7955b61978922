// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <optional>

#include "engine/hub.h"
#include "engine/metadata.h"

namespace cardwarden::rules {

std::vector<Finding> metadata_library_unknown(const Subject& subject) {
  if (subject.card.kind != Kind::model) return {};
  const metadata::Value value = metadata::select_one(subject.card, "library_name");
  if (!value.is_text() || hub::contains(hub::List::libraries, value.text())) return {};
  const metadata::Vocabulary libraries{"a library", hub::entries(hub::List::libraries)};
  std::optional<std::string> other = metadata::meant(libraries, value.text());
  if (value.text() == "scikit-learn") other = "sklearn";
  return {violated(
      value.span,
      "The Hub has no integration for a library named " + metadata::quoted(value.text()) + " (list of " +
          std::string(hub::version(hub::List::libraries)) +
          "). It accepts the name, and shows no code for it.",
      other
          ? "If you mean " + *other + ", write that."
          : "Check the spelling; if the library has no integration, show in the card how to load the model.",
      value.path)};
}

}  // namespace cardwarden::rules
