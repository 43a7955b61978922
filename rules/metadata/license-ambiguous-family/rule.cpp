// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>
#include <array>

#include "engine/metadata.h"

namespace cardwarden::rules {
namespace {

struct Family {
  std::string_view id;
  std::string_view remedy;
};

constexpr std::array<Family, 7> kFamilies = {{
    {"cc", "Name the Creative Commons license and its version, for example cc-by-4.0 or cc-by-nc-sa-4.0."},
    {"bsd", "Write bsd-2-clause, bsd-3-clause or bsd-3-clause-clear."},
    {"gpl", "Write gpl-2.0 or gpl-3.0."},
    {"lgpl", "Write lgpl-2.1 or lgpl-3.0."},
    {"gfdl", "Write license: other, with the version in license_name and the text in license_link."},
    {"openrail",
     "Write the RAIL license that applies, for example creativeml-openrail-m, bigscience-openrail-m or "
     "openrail++."},
    {"unknown", "Find out the terms and write their license id; ask the authors of the material if need be."},
}};

}  // namespace

std::vector<Finding> metadata_license_ambiguous_family(const Subject& subject) {
  std::vector<Finding> out;
  for (const metadata::Value& value : metadata::select(subject.card, "license[]")) {
    if (metadata::full(out)) break;
    if (!value.is_text()) continue;
    const auto* family = std::find_if(kFamilies.begin(), kFamilies.end(),
                                      [&](const Family& f) { return f.id == value.text(); });
    if (family == kFamilies.end()) continue;
    std::string message =
        family->id == "unknown"
            ? "The license is \"unknown\", which tells a reader no terms at all."
            : "\"" + std::string(family->id) + "\" names a family of licenses, not the terms of one.";
    out.push_back(violated(value.span, std::move(message), std::string(family->remedy), value.path));
  }
  return out;
}

}  // namespace cardwarden::rules
