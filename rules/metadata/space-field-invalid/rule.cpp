// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/hub.h"
#include "engine/metadata.h"

namespace cardwarden::rules {
namespace {

using metadata::Value;

constexpr std::array<std::string_view, 8> kColors = {"red",    "yellow", "green", "blue",
                                                     "indigo", "purple", "pink",  "gray"};
constexpr std::array<std::string_view, 2> kHeaders = {"mini", "default"};
constexpr std::array<std::string_view, 3> kCustomHeaders = {
    "cross-origin-embedder-policy", "cross-origin-opener-policy", "cross-origin-resource-policy"};

void check_sdk(const Card& card, std::vector<Finding>& out) {
  const Value sdk = metadata::select_one(card, "sdk");
  if (!sdk.exists()) {
    out.push_back(card_finding(Outcome::violated, "The Space names no sdk, so the Hub cannot build it.",
                               "Add sdk: gradio, docker or static to the metadata.", "sdk"));
  } else if (sdk.text() == "streamlit") {
    out.push_back(violated(sdk.span, "The sdk streamlit is deprecated. The Hub still accepts it.",
                           "Move the Space to sdk: docker, which runs Streamlit.", sdk.path));
  } else {
    metadata::expect_listed(
        sdk, {"an sdk of Spaces", hub::entries(hub::List::space_sdks), hub::version(hub::List::space_sdks)},
        out);
  }
}

void expect_integer(const Value& value, double most, std::string_view what, std::vector<Finding>& out) {
  if (!value.is_text()) return;
  const std::optional<double> n = metadata::number(value);
  if (n && *n >= 1 && *n <= most && std::floor(*n) == *n) return;
  const std::string limit = std::to_string(static_cast<long long>(most));
  out.push_back(violated(value.span,
                         value.path + " is " + metadata::quoted(value.text()) + ", not " + std::string(what) +
                             " from 1 to " + limit + ".",
                         "Write a whole number from 1 to " + limit + ".", value.path));
}

// 3.x or 3.x.x, quoted or not.
bool is_python(std::string_view version) {
  if (version.size() < 3 || version.substr(0, 2) != "3." || version.back() == '.') return false;
  const std::string_view rest = version.substr(2);
  return rest.front() != '.' && rest.find_first_not_of("0123456789.") == std::string_view::npos &&
         std::count(rest.begin(), rest.end(), '.') <= 1;
}

void check_custom_headers(const Value& headers, std::vector<Finding>& out) {
  for (const Value& header : metadata::members(headers)) {
    if (metadata::full(out)) return;
    const std::string_view name = std::string_view(header.path).substr(headers.path.size() + 1);
    if (std::find(kCustomHeaders.begin(), kCustomHeaders.end(), name) != kCustomHeaders.end()) continue;
    const metadata::Vocabulary known{"a header that a Space can set", kCustomHeaders};
    const std::optional<std::string> other = metadata::meant(known, name);
    out.push_back(violated(header.span, metadata::quoted(name) + " is not a header that a Space can set.",
                           other ? "Write " + *other + ", in lower case."
                                 : "Set only cross-origin-embedder-policy, cross-origin-opener-policy or "
                                   "cross-origin-resource-policy.",
                           header.path));
  }
}

}  // namespace

std::vector<Finding> metadata_space_field_invalid(const Subject& subject) {
  if (subject.card.kind != Kind::space) return {};
  std::vector<Finding> out;
  const auto field = [&](std::string_view key) { return metadata::select_one(subject.card, key); };
  check_sdk(subject.card, out);
  metadata::expect_listed(field("colorFrom"), {"a color of Spaces", kColors}, out);
  metadata::expect_listed(field("colorTo"), {"a color of Spaces", kColors}, out);
  metadata::expect_listed(field("header"), {"a header style of Spaces", kHeaders}, out);
  expect_integer(field("app_port"), 65535, "a port", out);
  expect_integer(field("hf_oauth_expiration_minutes"), 43200, "a number of minutes", out);  // 30 days
  if (const Value path = field("base_path"); path.is_text() && path.text().front() != '/') {
    out.push_back(violated(
        path.span, "base_path is " + metadata::quoted(path.text()) + ", which does not begin with a slash.",
        "Write /" + std::string(path.text()) + ".", path.path));
  }
  if (const Value python = field("python_version"); python.is_text() && !is_python(python.text())) {
    out.push_back(violated(
        python.span, metadata::quoted(python.text()) + " is not a Python version that a Space can ask for.",
        "Write a version of Python 3, 3.x or 3.x.x, in quotes, for example \"3.10\".", python.path));
  }
  check_custom_headers(field("custom_headers"), out);
  return out;
}

}  // namespace cardwarden::rules
