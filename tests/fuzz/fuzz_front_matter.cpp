// SPDX-License-Identifier: Apache-2.0
// Bytes → text → front matter → tree of values. The input is a card, and the same bytes are a YAML document.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/yaml.h"
#include "card/decode.h"
#include "card/front_matter.h"
#include "card/parse.h"
#include "engine/metadata.h"
#include "fuzz/expect.h"
#include "support/invariants.h"

namespace {

using namespace cardwarden;

std::size_t check_node(const yaml::Node& node, std::size_t size, std::uint32_t depth) {
  expect(node.span.begin <= node.span.end && node.span.end <= size, "a YAML value lies in its text");
  const bool quotable = !node.is_scalar() || node.text.empty() || !node.span.empty();
  expect(quotable, "a YAML text that is not empty stands somewhere");
  expect(depth <= yaml::Limits{}.depth + 1, "YAML values nest no deeper than the bound");
  std::size_t count = 1;
  for (const yaml::Node& item : node.items) count += check_node(item, size, depth + 1);
  for (const yaml::Entry& entry : node.entries) {
    count += check_node(entry.key, size, depth + 1) + check_node(entry.value, size, depth + 1);
  }
  return count;
}

void check_yaml(std::string_view text) {
  const yaml::Document document = yaml::parse(text);
  const yaml::Limits limits;
  expect(check_node(document.root, text.size(), 0) <= std::size_t{limits.nodes} + limits.alias_nodes + 2,
         "a YAML document has no more values than the bounds say");
  for (const yaml::Problem& problem : document.problems) {
    expect(problem.span.begin <= problem.span.end && problem.span.end <= text.size(),
           "a YAML problem lies in its text");
    expect(!problem.message.empty(), "a YAML problem says what is wrong");
  }
  (void)yaml::repeated_keys(document.root);
}

void check_fences(const Card& card) {
  const auto fences = find_front_matter(card.text);
  expect(fences.has_value() == card.front_matter.present, "the card has the block that the Hub sees");
  if (fences) {
    expect(fences->block.contains(fences->yaml), "the metadata lies between its fences");
    expect(fences->body >= fences->block.end && fences->body <= card.text.size(),
           "the body follows the block");
    (void)find_markdown_in(card.text, fences->yaml);
  }
  if (const auto intended = find_intended_front_matter(card.text)) {
    expect(intended->fences.body <= card.text.size(), "the body lies in the text");
    expect(intended->place.end <= card.text.size(), "the flaw lies in the text");
  }
}

void check_metadata(const Card& card) {
  for (const char* path :
       {"license", "tags[]", "*", "model-index[].results[].metrics[].value", "dataset_info[].features[]"}) {
    for (const metadata::Value& value : metadata::select(card, path)) {
      (void)metadata::number(value);
      if (value.exists()) (void)metadata::read_as(*value.node);
      (void)metadata::quoted(value.text());
      (void)metadata::id_in_url(value.text());
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_yaml(bytes);
  for (const std::size_t bound : {std::size_t{64}, std::size_t{1} << 20U}) {
    const Decoded decoded = decode_card(bytes, bound);
    expect(decoded.first_invalid.end <= decoded.text.size(), "the first invalid byte lies in the text");
    expect(decoded.first_zero_byte.end <= decoded.text.size(), "the first zero byte lies in the text");
    (void)count_line_ends(decoded.text);
  }
  const Card card = parse_card("README.md", bytes);
  expect_nothing_broken(testing::broken_card(card));
  check_fences(card);
  check_metadata(card);
  return 0;
}
