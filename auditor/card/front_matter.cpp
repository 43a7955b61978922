// SPDX-License-Identifier: Apache-2.0
#include "card/front_matter.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace cardwarden {
namespace {

constexpr std::size_t kSearchedLines = 40;  // a block that was meant as front matter stands near the top
constexpr std::string_view kFence = "---";

// Keys that make a block of YAML the metadata of a card.
constexpr std::array<std::string_view, 45> kKeys = {"annotations_creators",
                                                    "app_file",
                                                    "base_model",
                                                    "base_model_relation",
                                                    "co2_eq_emissions",
                                                    "colorFrom",
                                                    "colorTo",
                                                    "configs",
                                                    "dataset",
                                                    "dataset_info",
                                                    "datasets",
                                                    "emoji",
                                                    "extra_gated_fields",
                                                    "extra_gated_prompt",
                                                    "inference",
                                                    "language",
                                                    "language_creators",
                                                    "languages",
                                                    "library_name",
                                                    "licence",
                                                    "license",
                                                    "license_link",
                                                    "license_name",
                                                    "licenses",
                                                    "metrics",
                                                    "model-index",
                                                    "model_name",
                                                    "multilinguality",
                                                    "new_version",
                                                    "paperswithcode_id",
                                                    "pinned",
                                                    "pipeline_tag",
                                                    "pretty_name",
                                                    "quantized_by",
                                                    "sdk",
                                                    "sdk_version",
                                                    "size_categories",
                                                    "source_datasets",
                                                    "tags",
                                                    "task_categories",
                                                    "task_ids",
                                                    "thumbnail",
                                                    "title",
                                                    "viewer",
                                                    "widget"};

static_assert(std::is_sorted(kKeys.begin(), kKeys.end()));

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_break(char c) { return c == '\n' || c == '\r'; }

// Past white space as JavaScript's \s has it.
std::size_t skip_script_space(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    std::size_t next = at;
    const char32_t c = text::decode(text, next);
    const bool space = (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0xA0 || c == 0x1680 ||
                       (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
                       c == 0x205F || c == 0x3000 || c == 0xFEFF;
    if (!space) break;
    at = next;
  }
  return at;
}

// Length of the line end at `at`: 2, 1, or 0.
std::size_t line_end_length(std::string_view text, std::size_t at) {
  if (at >= text.size() || !is_break(text[at])) return 0;
  return text.substr(at, 2) == "\r\n" ? 2 : 1;
}

Span make_span(std::size_t begin, std::size_t end) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

// The closing fence of a block whose YAML begins at `from`: sets the end of the YAML and of the fence's line.
bool find_closer(std::string_view text, std::size_t from, Fences& fences) {
  for (std::size_t at = text.find(kFence, from); at != std::string_view::npos;
       at = text.find(kFence, at + 1)) {
    if (at <= from || !is_break(text[at - 1])) continue;
    std::size_t end = at + kFence.size();
    while (end < text.size() && is_blank(text[end])) ++end;
    const bool closed = end == text.size() || text[end] == '\n' || text.substr(end, 2) == "\r\n";
    if (!closed) continue;
    const bool crlf = at - from >= 2 && text.substr(at - 2, 2) == "\r\n";
    fences.yaml = make_span(from, at - (crlf ? 2 : 1));
    fences.block.end = static_cast<std::uint32_t>(at + kFence.size());
    fences.body = static_cast<std::uint32_t>(end + line_end_length(text, end));
    return true;
  }
  return false;
}

struct Line {
  std::size_t begin = 0;
  std::size_t end = 0;   // without the line end
  std::size_t next = 0;  // begin of the next line
};

Line line_from(std::string_view text, std::size_t begin) {
  Line line{begin, std::min(text.find_first_of("\r\n", begin), text.size()), 0};
  line.next = line.end + line_end_length(text, line.end);
  // CR CR LF, left by a tool that converted line ends twice, is one line end to a reader.
  if (text.substr(line.end, 3) == "\r\r\n") line.next = line.end + 3;
  return line;
}

std::string_view words_of(std::string_view text, const Line& line) {
  return text::trim(text.substr(line.begin, line.end - line.begin));
}

// "key:" at the start of a line: the key, else nothing.
std::string_view key_of(std::string_view line) {
  line = text::trim(line);
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  if (colon + 1 < line.size() && !is_blank(line[colon + 1])) return {};
  std::string_view key = text::trim(line.substr(0, colon));
  if (key.size() >= 2 && (key.front() == '"' || key.front() == '\'') && key.back() == key.front()) {
    key = key.substr(1, key.size() - 2);
  }
  const bool plain = std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
  return plain && !key.empty() && key.front() != '-' ? key : std::string_view{};
}

bool is_known_key(std::string_view key) { return std::binary_search(kKeys.begin(), kKeys.end(), key); }

// Three or more dashes and nothing else but blanks; or three dashes, then text.
bool is_rule(std::string_view words) {
  return words.size() >= kFence.size() && words.find_first_not_of('-') == std::string_view::npos;
}
bool is_fence_with_text(std::string_view words) {
  return words.size() > kFence.size() && words.substr(0, 3) == kFence && words[3] != '-';
}

bool is_heading(std::string_view line) {
  const std::size_t text = line.find_first_not_of('#');
  return text != 0 && text != std::string_view::npos && text <= 6 && is_blank(line[text]);
}

// A run of lines that read as YAML.
struct YamlRun {
  std::size_t end = 0;    // where it ends: the begin of a line
  std::size_t known = 0;  // keys of the Hub
  Line closer;            // the line that ended it, if that is a fence of some kind
  bool fenced = false;
  bool headed = false;  // ended by what is a Markdown heading
};

YamlRun read_yaml(std::string_view text, std::size_t from, std::size_t limit) {
  YamlRun run;
  run.end = from;
  std::size_t comment =
      std::string_view::npos;  // the first "# …" line since the last line that is surely YAML
  bool after_blank_line = true;
  bool any_key = false;
  for (std::size_t at = from; at < limit;) {
    const Line line = line_from(text, at);
    const std::string_view source = text.substr(line.begin, line.end - line.begin);
    const std::string_view words = text::trim(source);
    if (is_rule(words) || is_fence_with_text(words)) {
      run.fenced = true;
      run.closer = line;
      run.end = line.begin;
      return run;
    }
    const std::string_view key = key_of(words);
    const bool indented = !source.empty() && is_blank(source.front());
    const bool item = words.substr(0, 2) == "- " || words == "-";
    if (words.empty()) {
      after_blank_line = true;
    } else if (words.front() == '#' && !indented) {
      if (comment == std::string_view::npos) comment = line.begin;
    } else if (!key.empty() || (any_key && (indented || (item && !after_blank_line)))) {
      any_key = any_key || !key.empty();
      if (is_known_key(key)) ++run.known;
      comment = std::string_view::npos;
      after_blank_line = false;
      run.end = line.next;
    } else {
      run.headed = comment != std::string_view::npos && is_heading(words_of(text, line_from(text, comment)));
      break;
    }
    at = line.next;
  }
  return run;
}

// What is wrong with an opening line, if it is one at all.
std::optional<Flaw> opener_flaw(std::string_view text, const Line& line, bool first) {
  const std::string_view words = words_of(text, line);
  if (is_fence_with_text(words)) return Flaw::opener_text;
  if (!is_rule(words)) return std::nullopt;
  if (!first) return Flaw::text_before;
  if (words.size() > kFence.size()) return Flaw::opener_dashes;
  return is_blank(text[line.end - 1]) ? Flaw::opener_blanks : Flaw::closer_missing;
}

Flaw closer_flaw(std::string_view text, const Line& line) {
  const std::string_view words = words_of(text, line);
  if (is_fence_with_text(words)) return Flaw::closer_text;
  if (words.size() > kFence.size()) return Flaw::closer_dashes;
  return text[line.begin] == '-' ? Flaw::closer_line_end : Flaw::closer_indented;
}

Intended describe(std::string_view text, Flaw flaw, const Line& opener, const YamlRun& run) {
  Intended found;
  found.flaw = flaw;
  found.place = make_span(opener.begin, opener.end);
  const std::size_t yaml = flaw == Flaw::opener_missing ? opener.begin : opener.next;
  found.fences.yaml = make_span(yaml, std::max(yaml, run.end));
  if (run.fenced) {
    if (flaw == Flaw::closer_missing) {
      found.flaw = closer_flaw(text, run.closer);
      found.place = make_span(run.closer.begin, run.closer.end);
    }
    const bool keeps_text = is_fence_with_text(words_of(text, run.closer));
    found.fences.block = make_span(opener.begin, run.closer.end);
    found.fences.body = static_cast<std::uint32_t>(keeps_text ? run.closer.begin : run.closer.next);
  } else {
    found.fences.block = make_span(opener.begin, std::max(yaml, run.end));
    found.fences.body = found.fences.block.end;
  }
  return found;
}

}  // namespace

std::optional<Fences> find_front_matter(std::string_view text) {
  const std::size_t opener = skip_script_space(text, 0);
  if (text.substr(opener, kFence.size()) != kFence) return std::nullopt;
  const std::size_t break_at = opener + kFence.size();
  const std::size_t break_length = line_end_length(text, break_at);
  if (break_length == 0) return std::nullopt;
  Fences fences;
  fences.block.begin = static_cast<std::uint32_t>(opener);
  if (find_closer(text, break_at + break_length, fences)) return fences;
  // The expression may also take the CR of "---" CR LF "---" for the opener's line end and the LF for the
  // closer's.
  if (break_length == 2 && find_closer(text, break_at + 1, fences)) return fences;
  return std::nullopt;
}

std::optional<Intended> find_intended_front_matter(std::string_view text, std::uint32_t from) {
  bool first = true;  // no text stands above the line
  bool in_code = false;
  std::size_t at = from;
  for (std::size_t n = 0; n < kSearchedLines && at < text.size(); ++n) {
    const Line line = line_from(text, at);
    const std::string_view words = words_of(text, line);
    at = line.next;
    if (words.empty()) continue;
    if (words.substr(0, 3) == "```" || words.substr(0, 3) == "~~~") in_code = !in_code;
    if (in_code) {
      first = false;
      continue;
    }
    if (const auto flaw = opener_flaw(text, line, first)) {
      const YamlRun run = read_yaml(text, line.next, text.size());
      const bool sure = first ? run.known >= 1 : run.known >= 1 && run.fenced;
      if (sure) return describe(text, *flaw, line, run);
      if (first && *flaw == Flaw::closer_missing && run.fenced && run.closer.begin == line.next) {
        return describe(text, Flaw::empty, line, run);
      }
    } else if (first && is_known_key(key_of(words))) {
      const YamlRun run = read_yaml(text, line.begin, text.size());
      if (run.fenced && run.known >= 2) return describe(text, Flaw::opener_missing, line, run);
    }
    first = false;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> find_markdown_in(std::string_view text, Span yaml) {
  const YamlRun run = read_yaml(text, yaml.begin, yaml.end);
  if (!run.headed || run.known == 0 || run.end >= yaml.end) return std::nullopt;
  return static_cast<std::uint32_t>(run.end);
}

}  // namespace cardwarden
