// SPDX-License-Identifier: Apache-2.0
#include "report/render.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/text.h"
#include "policy/sensitive.h"

namespace cardwarden::render {
namespace {

constexpr std::size_t kContextBytes = 200;  // shown on each side of the words of a quote

bool is_white(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

// "3 errors, 9 warnings", without the counts that are zero.
std::string severity_counts(std::uint64_t errors, std::uint64_t warnings, std::uint64_t infos) {
  std::vector<std::string> parts;
  if (errors > 0) parts.push_back(text::plural(errors, "error", "errors"));
  if (warnings > 0) parts.push_back(text::plural(warnings, "warning", "warnings"));
  if (infos > 0) parts.push_back(text::plural(infos, "info", "info"));
  return text::join(parts, ", ");
}

// Card text on one line with a blank at an edge where there was white space.
std::string folded(std::string_view s, std::size_t max_chars) {
  const std::string out = text::printable(text::excerpt(s, max_chars));
  if (out.empty()) return s.empty() ? "" : " ";
  return (is_white(s.front()) ? " " : "") + out + (is_white(s.back()) ? " " : "");
}

}  // namespace

Place place_of(const Card& card, Span span) {
  const auto size = static_cast<std::uint32_t>(card.text.size());
  span.begin = std::min(span.begin, size);
  span.end = std::clamp(span.end, span.begin, size);
  while (span.end > span.begin && is_white(card.text[span.end - 1])) --span.end;
  return {span, card.position(span.begin), card.position(span.end), false};
}

Place place_of(const Card& card, const Finding& finding) {
  if (finding.located) return place_of(card, finding.span);
  if (!finding.evidence.empty()) return place_of(card, quoted_span(finding.evidence.front()));
  return {Span{}, Position{}, Position{}, true};
}

std::string file_path(const Card& card, const FileQuote& quote) {
  const std::size_t slash = card.path.rfind('/');
  return (slash == std::string::npos ? std::string() : card.path.substr(0, slash + 1)) + quote.path;
}

Target target_of(const CardReport& report, const Finding& finding) {
  const Card& card = *report.card;
  if (finding.located || !finding.evidence.empty() || finding.files.empty())
    return {card.path, place_of(card, finding)};
  const FileQuote& first = finding.files.front();
  const Position line{std::max(first.line, std::uint32_t{1}), 1};
  return {file_path(card, first), {Span{}, line, line, true}};
}

std::string place_text(const FileQuote& quote) {
  return quote.path + (quote.line == 0 ? std::string() : ":" + std::to_string(quote.line));
}

std::string quote(const FileQuote& quote) { return text::printable(text::excerpt(quote.words, kQuoteChars)); }

Evidence in_its_line(const Card& card, const Place& place) {
  if (place.begin.line != place.end.line) return {place.span, place.span};
  return {card.lines.line(card.text, place.begin.line), place.span};
}

Span quoted_span(const Evidence& evidence) { return evidence.words.empty() ? evidence.span : evidence.words; }

std::string raw_quote(const CardReport& report, Span span) {
  return shown(*report.card, report.sensitive, span);
}

std::string quote(const CardReport& report, Span span) {
  return text::printable(text::excerpt(raw_quote(report, span), kQuoteChars));
}

MarkedQuote marked_quote(const CardReport& report, const Evidence& evidence) {
  const Span words = quoted_span(evidence);
  const Span span = evidence.span.contains(words) ? evidence.span : words;
  const std::string all_before = raw_quote(report, {span.begin, words.begin});
  std::string_view before = all_before;
  bool cut = false;
  if (before.size() > kContextBytes) {
    before.remove_prefix(before.size() - kContextBytes);
    while (!before.empty() && (static_cast<unsigned char>(before.front()) & 0xc0U) == 0x80U)
      before.remove_prefix(1);
    cut = true;
  }
  return {(cut ? "…" : "") + folded(before, kContextBytes), quote(report, words),
          folded(raw_quote(report, {words.end, span.end}), kContextBytes)};
}

std::string valid_utf8(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (std::size_t at = 0; at < s.size();) text::append_utf8(out, text::decode(s, at));
  return out;
}

std::string safe_json(std::string_view json) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  out.reserve(json.size());
  for (std::size_t at = 0; at < json.size();) {
    const auto byte = static_cast<unsigned char>(json[at]);
    if (byte < 0x7f) {
      out += json[at++];
      continue;
    }
    const std::size_t from = at;
    char32_t c = text::decode(json, at);
    const std::string_view raw = json.substr(from, at - from);
    if (text::printable(raw) == raw) {
      out += raw;
      continue;
    }
    std::vector<std::uint32_t> units = {static_cast<std::uint32_t>(c)};
    if (c > 0xffff) {
      c -= 0x10000;
      units = {0xd800 + (static_cast<std::uint32_t>(c) >> 10U),
               0xdc00 + (static_cast<std::uint32_t>(c) & 0x3ffU)};
    }
    for (const std::uint32_t unit : units) {
      out += "\\u";
      for (const unsigned shift : {12U, 8U, 4U, 0U}) out += kHex[(unit >> shift) & 15U];
    }
  }
  return out;
}

std::string indented(std::string_view json, std::size_t columns) {
  const std::string line_end = "\n" + std::string(columns, ' ');
  std::string out;
  for (const char c : json) {
    if (c == '\n')
      out += line_end;
    else
      out += c;
  }
  return out;
}

std::string_view quote_label(const Finding& finding, std::size_t index) {
  if (finding.outcome != Outcome::contradicted) return "evidence";
  return index == 0 ? "claim" : "refutation";
}

std::string_view file_label(const Finding& finding) {
  return finding.outcome == Outcome::contradicted ? "refutation" : "evidence";
}

std::string_view family(std::string_view rule) { return rule.substr(0, rule.find('/')); }

std::string_view relative_path(std::string_view path) {
  while (path.substr(0, 2) == "./") path.remove_prefix(2);
  return path;
}

std::string uri(std::string_view path) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  path = relative_path(path);
  std::string out = path.substr(0, 1) == "/" ? "file://" : "";
  for (const char c : path) {
    if (is_unreserved(c) || c == '/') {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4U];
    out += kHex[byte & 15U];
  }
  return out;
}

std::string in_words(std::string_view id) {
  if (is_signal(id)) id.remove_prefix(2);
  std::string out(id);
  std::replace(out.begin(), out.end(), '-', ' ');
  if (!out.empty() && out.front() >= 'a' && out.front() <= 'z')
    out.front() = static_cast<char>(out.front() - 'a' + 'A');
  return out;
}

std::string_view words(Verdict verdict) {
  switch (verdict) {
    case Verdict::met:
      return "Met";
    case Verdict::partial:
      return "Partly met";
    case Verdict::not_met:
      return "Not met";
    case Verdict::contradicted:
      return "Contradicted";
    case Verdict::not_applicable:
      return "Not applicable";
    case Verdict::not_assessable:
      return "Not assessable from the card";
  }
  return "";
}

std::string_view words(Status status) {
  switch (status) {
    case Status::disclosed:
      return "Disclosed";
    case Status::placeholder:
      return "Placeholder only";
    case Status::absent:
      return "Not found";
  }
  return "";
}

std::string_view words(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "Error";
    case Severity::warning:
      return "Warning";
    case Severity::info:
      return "Info";
    case Severity::off:
      return "Off";
  }
  return "";
}

std::string_view words(SuppressionKind kind) {
  switch (kind) {
    case SuppressionKind::none:
      return "";
    case SuppressionKind::inline_comment:
      return "inline";
    case SuppressionKind::baseline:
      return "baseline";
    case SuppressionKind::waiver:
      return "waiver";
  }
  return "";
}

bool is_signal(std::string_view disclosure) { return disclosure.substr(0, 2) == "x-"; }

Coverage coverage_of(const CardReport& report) {
  Coverage out;
  if (report.disclosures == nullptr) return out;
  for (const Disclosure& d : *report.disclosures) {
    if (is_signal(d.id)) continue;
    switch (d.status) {
      case Status::disclosed:
        ++out.disclosed;
        break;
      case Status::placeholder:
        ++out.placeholder;
        break;
      case Status::absent:
        ++out.absent;
        break;
    }
  }
  return out;
}

Counts counts_of(const CardReport& report) {
  Counts out;
  for (const JudgedFinding& judged : report.findings) {
    if (!judged.counts())
      ++out.suppressed;
    else if (judged.severity == Severity::error)
      ++out.errors;
    else if (judged.severity == Severity::warning)
      ++out.warnings;
    else if (judged.severity == Severity::info)
      ++out.infos;
  }
  return out;
}

std::string in_words(const Counts& counts) {
  std::string out = severity_counts(counts.errors, counts.warnings, counts.infos);
  if (out.empty()) out = "no findings";
  if (counts.suppressed > 0) out += "; " + std::to_string(counts.suppressed) + " suppressed";
  return out;
}

Gate gate_of(const RunInfo& run) { return run.policy == nullptr ? Gate{} : run.policy->gate; }

Severity default_severity(const Policy* policy, std::string_view rule) {
  if (policy == nullptr) return Severity::warning;
  const auto named = [&](const RuleSetting& setting) { return setting.rule == rule; };
  const auto setting = std::find_if(policy->rules.begin(), policy->rules.end(), named);
  if (setting != policy->rules.end() && setting->severity != Severity::off) return setting->severity;
  Severity highest = Severity::info;  // on for some paths only
  for (const PathOverride& by_path : policy->overrides) {
    for (const RuleSetting& s : by_path.rules) {
      if (named(s)) highest = std::max(highest, s.severity);
    }
  }
  return highest;
}

std::string in_words(const Gate& gate) {
  std::vector<std::string> parts;
  if (gate.fail_on == Severity::error) parts.emplace_back("no errors");
  if (gate.fail_on == Severity::warning) parts.emplace_back("no errors and no warnings");
  if (gate.fail_on == Severity::info) parts.emplace_back("no findings");
  if (gate.max_warnings)
    parts.push_back("at most " + text::plural(*gate.max_warnings, "warning", "warnings"));
  if (gate.min_disclosure) {
    const auto percent = static_cast<long>(std::lround(*gate.min_disclosure * 100));
    parts.push_back("at least " + std::to_string(percent) + "% of the catalogue disclosed by every card");
  }
  return parts.empty() ? "nothing" : text::join(parts, ", ");
}

std::string title_of(const RunInfo& run, std::string_view rule) {
  const RuleMeta* meta = find_rule(run, rule);
  if (meta != nullptr && !meta->title.empty()) return meta->title;
  const auto other = run.titles.find(rule);
  if (other != run.titles.end()) return other->second;
  const std::size_t slash = rule.find('/');
  return in_words(slash == std::string_view::npos ? rule : rule.substr(slash + 1));
}

const RuleMeta* find_rule(const RunInfo& run, std::string_view id) {
  const auto at =
      std::lower_bound(run.rules.begin(), run.rules.end(), id,
                       [](const RuleMeta& rule, std::string_view wanted) { return rule.id < wanted; });
  return at != run.rules.end() && at->id == id ? &*at : nullptr;
}

std::string summary(const Totals& totals, const Gate& gate, std::uint64_t problems) {
  std::string out;
  if (totals.findings() > 0) {
    out = text::plural(totals.findings(), "finding", "findings") + " (" +
          severity_counts(totals.errors, totals.warnings, totals.infos) + ") in " +
          std::to_string(totals.cards_with_findings) + " of " + text::plural(totals.cards, "card", "cards");
  } else if (totals.cards > 0) {
    out = text::plural(totals.cards, "card", "cards") + " checked, no findings";
  } else {
    out = "No card was checked";
  }
  if (totals.suppressed > 0) out += "; " + std::to_string(totals.suppressed) + " suppressed";
  out += '.';
  if (problems > 0) out += ' ' + text::plural(problems, "file", "files") + " could not be read.";
  if (!gate_passes(totals, gate)) {
    out += " Gate failed: " + gate_reason(totals, gate) + '.';
  } else if (totals.findings() > 0) {
    out += " Gate passed.";
  }
  return out;
}

}  // namespace cardwarden::render
