// SPDX-License-Identifier: Apache-2.0
#include "card/parse.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/text.h"
#include "card/decode.h"
#include "card/front_matter.h"
#include "card/kind.h"
#include "card/markdown.h"

namespace cardwarden {
namespace {

// YAML beyond this is not read. The largest front matter known has 1 MB; yaml-cpp reads about 10 MB a second.
constexpr std::uint32_t kMaxYamlBytes = 2 * 1024 * 1024;
// Spans are 32-bit offsets, and each input byte can become three (a zero byte becomes U+FFFD).
constexpr std::size_t kMaxOffset = std::numeric_limits<std::uint32_t>::max() / 4;

class CardReader {
 public:
  CardReader(std::string path, const ParseOptions& options) : options_(options) {
    card_.path = std::move(path);
  }

  Card read(std::string_view bytes) {
    Decoded decoded = decode_card(bytes, std::min(options_.max_bytes, kMaxOffset));
    card_.text = std::move(decoded.text);
    card_.lines = LineIndex(card_.text);
    card_.body = {0, size()};
    read_front_matter();
    find_kind();
    report_bytes(decoded, bytes.size());
    report_place();
    read_body(card_, options_);
    std::stable_sort(card_.diagnostics.begin(), card_.diagnostics.end(),
                     [](const Diagnostic& a, const Diagnostic& b) { return a.span.begin < b.span.begin; });
    return std::move(card_);
  }

 private:
  std::uint32_t size() const { return static_cast<std::uint32_t>(card_.text.size()); }

  void add(std::string_view rule, Span span, std::string message) {
    card_.diagnostics.push_back({rule, span, std::move(message)});
  }

  void read_front_matter();
  void read_yaml();
  void report_yaml(const yaml::Problem& problem);
  void report_intended(const Intended& intended);
  void skip_repeated_blocks();
  void find_kind();
  void report_bytes(const Decoded& decoded, std::size_t given);
  void report_place();

  const ParseOptions& options_;
  Card card_;
  bool broken_yaml_ = false;
  bool cut_yaml_ = false;  // metadata over its bound
};

void CardReader::read_front_matter() {
  FrontMatter& front = card_.front_matter;
  if (const auto fences = find_front_matter(card_.text)) {
    front.present = true;
    front.block = fences->block;
    front.yaml = fences->yaml;
    card_.body.begin = fences->body;
    read_yaml();
    skip_repeated_blocks();
    return;
  }
  if (const auto intended = find_intended_front_matter(card_.text)) {
    front.block = intended->fences.block;
    front.yaml = intended->fences.yaml;
    card_.body.begin = intended->fences.body;
    report_intended(*intended);
    yaml::Document document =
        yaml::parse(card_.quote(front.yaml.size() <= kMaxYamlBytes ? front.yaml : Span{}), front.yaml.begin);
    if (document.root.is_mapping()) front.root = std::move(document.root);
    return;
  }
  add("parse/front-matter-missing", {0, 0},
      "The card has no metadata: it does not begin with a YAML block between two lines of \"---\".");
}

void CardReader::read_yaml() {
  FrontMatter& front = card_.front_matter;
  Span yaml = front.yaml;
  cut_yaml_ = yaml.size() > kMaxYamlBytes;
  if (cut_yaml_) {
    yaml.end = yaml.begin + kMaxYamlBytes;
    while ((static_cast<unsigned char>(card_.text[yaml.end]) & 0xC0U) == 0x80U) --yaml.end;
    add("parse/too-large", {yaml.end, yaml.end},
        "The metadata has more than " + std::to_string(kMaxYamlBytes) +
            " bytes; what follows here was not read.");
    card_.truncated = true;
  }
  yaml::Document document = yaml::parse(card_.quote(yaml), yaml.begin);
  front.root = std::move(document.root);
  for (const yaml::Problem& problem : document.problems) report_yaml(problem);
  if (front.root.is_mapping()) return;
  const Span value = front.root.span;
  if (front.root.is_scalar() || front.root.is_sequence()) {
    const std::string what = front.root.is_scalar() ? "a single text" : "a list";
    add("parse/front-matter-not-a-mapping", value,
        "The metadata is " + what + " where the Hub expects keys with values.");
  } else if (!broken_yaml_ && !cut_yaml_) {
    add("parse/front-matter-missing", front.block, "The metadata block is empty.");
  }
  front.root = yaml::Node{};
  front.root.span = value;
}

void CardReader::report_yaml(const yaml::Problem& problem) {
  switch (problem.kind) {
    case yaml::ProblemKind::syntax:
    case yaml::ProblemKind::unknown_alias:
    case yaml::ProblemKind::many_documents:
      if (cut_yaml_) break;  // a value that is open at the cut is no mistake of the card
      add("parse/yaml-syntax", problem.span, problem.message);
      if (!broken_yaml_) {
        // Text that the Hub takes for YAML is still read as text.
        if (const auto markdown = find_markdown_in(card_.text, card_.front_matter.yaml)) {
          card_.body.begin = *markdown;
          add("parse/front-matter-unterminated",
              {card_.front_matter.block.begin, card_.front_matter.block.begin + 3},
              "The metadata block is not closed before the text begins; the Hub takes text for metadata, "
              "up to the next line of \"---\".");
        }
      }
      broken_yaml_ = true;
      break;
    case yaml::ProblemKind::duplicate_key:
      add("parse/yaml-duplicate-key", problem.span, problem.message);
      break;
    case yaml::ProblemKind::too_deep:
      add("parse/too-deep", problem.span, problem.message);
      break;
    case yaml::ProblemKind::too_many:
      add("parse/too-large", problem.span, "In the metadata: " + problem.message);
      card_.truncated = true;
      break;
    case yaml::ProblemKind::alias_bomb:
      add("parse/alias-bomb", problem.span, problem.message);
      break;
  }
}

void CardReader::report_intended(const Intended& intended) {
  constexpr std::string_view kInvisible = "parse/front-matter-invisible";
  const std::string unseen = ", so the Hub does not see the metadata.";
  const Span at = intended.place;
  switch (intended.flaw) {
    case Flaw::opener_missing:
      return add(kInvisible, at, "The metadata does not begin with a line of \"---\"" + unseen);
    case Flaw::opener_blanks:
      return add(kInvisible, at, "Blanks stand behind the opening \"---\"" + unseen);
    case Flaw::opener_text:
      return add(kInvisible, at, "Text stands behind the opening \"---\"" + unseen);
    case Flaw::opener_dashes:
      return add(kInvisible, at, "The opening line has more than three dashes" + unseen);
    case Flaw::text_before:
      return add(kInvisible, at, "Text stands before the metadata block" + unseen);
    case Flaw::closer_text:
      return add(kInvisible, at, "Text stands behind the closing \"---\"" + unseen);
    case Flaw::closer_dashes:
      return add(kInvisible, at, "The closing line has more than three dashes" + unseen);
    case Flaw::closer_indented:
      return add(kInvisible, at, "Blanks stand before the closing \"---\"" + unseen);
    case Flaw::closer_line_end:
      return add(kInvisible, at, "A lone carriage return ends the closing line of \"---\"" + unseen);
    case Flaw::closer_missing:
      return add("parse/front-matter-unterminated", at,
                 "The metadata block has no closing line of \"---\"" + unseen);
    case Flaw::empty:
      return add("parse/front-matter-missing", intended.fences.block, "The metadata block is empty.");
  }
}

// Further blocks of metadata behind the first are reported and kept out of the body.
void CardReader::skip_repeated_blocks() {
  constexpr int kMostBlocks = 4;
  for (int n = 0; n < kMostBlocks; ++n) {
    const std::uint32_t from = card_.body.begin;
    const std::size_t text = card_.text.find_first_not_of(" \t\r\n", from);
    if (text == std::string::npos || card_.text.compare(text, 3, "---") != 0) return;
    const auto again = find_intended_front_matter(card_.text, from);
    const bool directly = again && again->fences.block.begin <= text && again->flaw != Flaw::empty;
    if (!directly || again->fences.body <= from) return;
    add("parse/front-matter-repeated",
        {static_cast<std::uint32_t>(text), static_cast<std::uint32_t>(text) + 3},
        "A second block of metadata stands behind the first; the Hub reads only the first.");
    card_.body.begin = again->fences.body;
  }
}

void CardReader::find_kind() {
  const auto decide = [this](Kind kind, KindSource source) {
    card_.kind = kind;
    card_.kind_source = source;
  };
  if (options_.kind) return decide(*options_.kind, KindSource::flag);
  if (const auto kind = kind_of_path(card_.path)) return decide(*kind, KindSource::path);
  const std::string_view body = card_.quote(card_.body);
  if (const auto kind = kind_of_content(card_.front_matter.root, body))
    return decide(*kind, KindSource::content);
  decide(Kind::model, KindSource::fallback);
}

void CardReader::report_bytes(const Decoded& decoded, std::size_t given) {
  if (decoded.truncated) {
    card_.truncated = true;
    add("parse/too-large", {size(), size()},
        "The file has " + std::to_string(given) + " bytes; only the first " +
            std::to_string(options_.max_bytes) + " were read.");
  }
  if (decoded.encoding != Encoding::utf8) {
    const std::string order =
        decoded.encoding == Encoding::utf16_le ? "UTF-16 (little endian)" : "UTF-16 (big endian)";
    add("parse/utf-16", {0, 0}, "The file is " + order + ", not UTF-8; the Hub cannot read it.");
  } else if (decoded.byte_order_mark) {
    const bool hides = card_.front_matter.present;
    add("parse/byte-order-mark", {0, 0},
        hides ? "The file begins with a byte-order mark: the Hub shows the metadata, but Python clients do "
                "not see it."
              : "The file begins with a byte-order mark.");
  }
  if (decoded.invalid > 0) {
    add("parse/invalid-utf8", decoded.first_invalid,
        text::plural(decoded.invalid, "sequence of bytes is", "sequences of bytes are") +
            " not valid in the file's encoding; the first stands here.");
  }
  if (decoded.zero_bytes > 0) {
    add("parse/zero-byte", decoded.first_zero_byte,
        text::plural(decoded.zero_bytes, "zero byte stands", "zero bytes stand") +
            " in the text; the first is here.");
  }
  if (card_.text.find('\r') == std::string::npos) return;  // every line ends as it should
  const LineEnds ends = count_line_ends(card_.text);
  if (ends.lone_cr > 0) {
    add("parse/line-ends", ends.first_lone_cr,
        text::plural(ends.lone_cr, "line ends", "lines end") +
            " with a lone carriage return, which many readers do not take for a line end; the first is "
            "here.");
  }
  if (ends.mixed()) {
    add("parse/line-ends", ends.first_other,
        "Line ends are mixed: " + std::to_string(ends.lf) + " LF and " + std::to_string(ends.crlf) +
            " CR LF.");
  }
}

// The loader of data sets wants the opening fence on the first line.
void CardReader::report_place() {
  const FrontMatter& front = card_.front_matter;
  if (!front.present || front.block.begin == 0 || card_.kind != Kind::dataset) return;
  add("parse/front-matter-not-first", {front.block.begin, front.block.begin + 3},
      "White space stands before the metadata block, so the datasets library does not see its "
      "configurations.");
}

}  // namespace

Card parse_card(std::string path, std::string_view bytes, const ParseOptions& options) {
  return CardReader(std::move(path), options).read(bytes);
}

}  // namespace cardwarden
