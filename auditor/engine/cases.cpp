// SPDX-License-Identifier: Apache-2.0
#include "engine/cases.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "card/parse.h"
#include "engine/timeline.h"

namespace cardwarden {
namespace {

const std::vector<std::string_view> kExpectations = {"disclosed", "placeholder",  "absent",        "finding",
                                                     "clean",     "contradicted", "not-assessable"};

// The least number of cases of each expectation (docs/formats/rule.md).
struct Minimum {
  std::string_view expect;
  std::size_t count;
};
constexpr Minimum kDisclosureMinimum[] = {{"disclosed", 3}, {"absent", 3}, {"placeholder", 1}};
constexpr Minimum kAuditMinimum[] = {{"finding", 2}, {"clean", 3}};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

class CaseReader {
 public:
  CaseReader(std::string_view source, std::string_view path) : source_(source), path_(path), lines_(source) {}

  Result<std::vector<RuleCase>> read() {
    const yaml::Document document = yaml::parse(source_);
    if (!document.problems.empty())
      return fail(document.problems.front().span, document.problems.front().message);
    if (!document.root.is_sequence()) return fail(document.root.span, "expected a list of cases");
    std::vector<RuleCase> out;
    for (const yaml::Node& item : document.root.items) {
      auto one = read_one(item);
      if (!one) return one.error();
      out.push_back(std::move(*one));
    }
    return out;
  }

 private:
  std::string place(Span span) const {
    const Position position = lines_.position(source_, span.begin);
    return std::string(path_) + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
  }
  Error fail(Span span, std::string message) const {
    return {ErrorCode::rule, std::move(message), place(span)};
  }

  Result<std::string> bytes(const yaml::Node& node) const {
    std::string out;
    if (node.text.size() % 2 != 0) return fail(node.span, "`bytes` must be pairs of hexadecimal digits");
    for (std::size_t i = 0; i < node.text.size(); i += 2) {
      const int high = hex_digit(node.text[i]);
      const int low = hex_digit(node.text[i + 1]);
      if (high < 0 || low < 0)
        return fail(node.span, "`bytes` must be pairs of hexadecimal digits, lower case");
      out += static_cast<char>(high * 16 + low);
    }
    return out;
  }

  Result<RuleCase> read_one(const yaml::Node& item) const {
    RuleCase out;
    out.where = place(item.span);
    bool card = false;
    bool around = false;
    for (const yaml::Entry& entry : item.entries) {
      const std::string& key = entry.key.text;
      const yaml::Node& value = entry.value;
      if (key == "name") {
        out.name = value.text;
      } else if (key == "card") {
        out.bytes = value.text;
        card = true;
      } else if (key == "bytes") {
        auto read = bytes(value);
        if (!read) return read.error();
        out.bytes = std::move(*read);
        card = true;
      } else if (key == "expect") {
        out.expect = value.text;
      } else if (key == "cites") {
        if (value.is_scalar()) out.cites.push_back(value.text);
        for (const yaml::Node& words : value.items) out.cites.push_back(words.text);
      } else if (key == "kind") {
        for (const Kind kind : {Kind::model, Kind::dataset, Kind::space}) {
          if (value.text == to_string(kind)) out.kind = kind;
        }
        if (!out.kind) return fail(value.span, "`kind` is model, dataset or space");
      } else if (key == "scope" || key == "parameters") {
        for (const yaml::Entry& pair : value.entries)
          (key == "scope" ? out.scope : out.parameters)[pair.key.text] = pair.value.text;
      } else if (key == "repository" || key == "commit" || key == "history") {
        around = true;
      } else {
        return fail(entry.key.span, "unknown key `" + key + "` in a case");
      }
    }
    if (out.name.empty() || !card)
      return fail(item.span, "a case needs `name`, `card` (or `bytes`) and `expect`");
    if (std::find(kExpectations.begin(), kExpectations.end(), out.expect) == kExpectations.end()) {
      return fail(item.span,
                  "`expect` is one of disclosed, placeholder, absent, finding, clean, contradicted, "
                  "not-assessable");
    }
    if (around) {
      Span wrong = item.span;
      auto made = CaseRepository::make(out.bytes, item.find("repository"), item.find("commit"),
                                       item.find("history"), wrong);
      if (!made) return fail(wrong, made.error().message);
      out.repository = std::move(*made);
    }
    return out;
  }

  std::string_view source_;
  std::string_view path_;
  LineIndex lines_;
};

// White space and markup apart, so that a case can cite words across emphasis and line ends.
std::string squeezed(std::string_view words) {
  std::string out;
  for (const char c : text::lower(words)) {
    if (c == '*' || c == '_' || c == '`' || c == '\n' || c == '\r' || c == '\t') {
      if (c != '*' && c != '`' && c != '_' && (out.empty() || out.back() != ' ')) out += ' ';
    } else if (c != ' ' || (!out.empty() && out.back() != ' ')) {
      out += c;
    }
  }
  return std::string(text::trim(out));
}

bool quotes(const Card& card, const std::vector<Evidence>& evidence, std::string_view cites) {
  const std::string wanted = squeezed(cites);
  return std::any_of(evidence.begin(), evidence.end(), [&](const Evidence& one) {
    return squeezed(card.quote(one.span)).find(wanted) != std::string::npos ||
           squeezed(card.quote(one.words)).find(wanted) != std::string::npos;
  });
}

std::string list_quotes(const Card& card, const std::vector<Evidence>& evidence) {
  std::string out;
  for (const Evidence& one : evidence)
    out += (out.empty() ? " quoting \"" : ", \"") + text::excerpt(card.quote(one.span), 120) + "\"";
  return out;
}

std::optional<CaseFailure> judge_disclosure(const Card& card, const Disclosures& all, const Rule& rule,
                                            const RuleCase& one) {
  const Disclosure* found = find_disclosure(all, rule.name);
  const std::string_view status = found == nullptr ? "absent" : to_string(found->status);
  CaseFailure failure{one.where, one.name, one.expect, std::string(status)};
  if (found != nullptr) failure.found += list_quotes(card, found->evidence);
  if (status != one.expect) return failure;
  for (const std::string& words : one.cites) {
    if (one.expect != "disclosed" || quotes(card, found->evidence, words)) continue;
    failure.expected += " citing \"" + words + "\"";
    return failure;
  }
  return std::nullopt;
}

std::string_view state_of(const std::vector<Finding>& findings) {
  const auto any = [&findings](auto&& holds) { return std::any_of(findings.begin(), findings.end(), holds); };
  if (any([](const Finding& f) { return f.outcome == Outcome::contradicted; })) return "contradicted";
  if (any([](const Finding& f) { return is_problem(f.outcome); })) return "finding";
  const auto cannot_tell = [](const Finding& f) { return !f.message.empty(); };
  return any(cannot_tell) ? "not-assessable" : "clean";
}

bool cites(const Card& card, const Finding& finding, std::string_view words) {
  const std::string wanted = squeezed(words);
  const auto in_file = [&wanted](const FileQuote& quote) {
    return squeezed(quote.path + ": " + quote.words).find(wanted) != std::string::npos;
  };
  return squeezed(card.quote(finding.span)).find(wanted) != std::string::npos ||
         quotes(card, finding.evidence, words) ||
         std::any_of(finding.files.begin(), finding.files.end(), in_file) ||
         finding.message.find(words) != std::string::npos;
}

std::optional<CaseFailure> judge_findings(const Card& card, const std::vector<Finding>& findings,
                                          const RuleCase& one) {
  const std::string_view state = state_of(findings);
  CaseFailure failure{one.where, one.name, one.expect, std::string(state)};
  for (const Finding& finding : findings) {
    failure.found += ": " + finding.message + list_quotes(card, finding.evidence);
    for (const FileQuote& quote : finding.files)
      failure.found += "; " + quote.path + " \"" + text::excerpt(quote.words, 120) + "\"";
    if (finding.outcome == Outcome::contradicted && finding.evidence.size() + finding.files.size() < 2) {
      failure.expected += " with both quotes";
      return failure;
    }
  }
  if (state != one.expect && !(one.expect == "finding" && state == "contradicted")) return failure;
  for (const std::string& words : one.cites) {
    const bool cited = std::any_of(findings.begin(), findings.end(),
                                   [&](const Finding& finding) { return cites(card, finding, words); });
    if (cited || findings.empty()) continue;
    failure.expected += " citing \"" + words + "\"";
    return failure;
  }
  return std::nullopt;
}

Result<Readings> read_revisions(Evaluator& evaluator, const CaseRepository& repository, Kind kind) {
  Readings out;
  ParseOptions options;
  options.kind = kind;
  for (const auto& [blob, text] : repository.revisions()) {
    const Card card = parse_card("README.md", text, options);
    const auto read = evaluator.evaluate(card, {}, {});
    if (!read) return read.error();
    out[blob].facts = card_facts(card, evaluator.prose(), evaluator.disclosures(),
                                 [&card](Span span) { return std::string(card.quote(span)); });
  }
  return out;
}

}  // namespace

Result<std::vector<RuleCase>> parse_cases(std::string_view source, std::string_view path) {
  return CaseReader(source, path).read();
}

Result<std::optional<CaseFailure>> run_case(Evaluator& evaluator, const Rule& rule, const RuleCase& one,
                                            const Pipeline& pipeline) {
  ParseOptions options;
  options.kind = one.kind;
  if (!one.kind && rule.kinds != 0 && (rule.kinds & (rule.kinds - 1U)) == 0) {
    for (const Kind kind : {Kind::model, Kind::dataset, Kind::space}) {
      if (rule.applies_to(kind)) options.kind = kind;
    }
  }
  const Card card = parse_card("README.md", one.bytes, options);
  if (rule.by_judge) {
    auto findings = pipeline(card, rule);
    if (!findings) return findings.error();
    return judge_findings(card, *findings, one);
  }
  RepositoryFacts facts;
  if (one.repository) facts = one.repository->facts();
  Readings readings;
  Timeline timeline;
  if (one.repository && facts.history != nullptr && rule.needs_timeline) {
    auto read = read_revisions(evaluator, *one.repository, card.kind);
    if (!read) return read.error();
    readings = std::move(*read);
    timeline = make_timeline(*facts.history, readings);
    facts.timeline = &timeline;
  }
  auto findings =
      evaluator.evaluate(card, {{&rule, &one.parameters}}, one.scope, one.repository ? &facts : nullptr);
  if (!findings) return findings.error();
  if (rule.disclosure) return judge_disclosure(card, evaluator.disclosures(), rule, one);
  return judge_findings(card, *findings, one);
}

std::vector<Error> check_rule(const RuleBook& book, const Rule& rule) {
  std::vector<Error> errors;
  if (auto meta = book.meta(rule); !meta) errors.push_back(meta.error());
  const std::string path = rule.folder + "/cases.yaml";
  const std::size_t slash = rule.id.find('/');
  const bool well_formed =
      slash != std::string_view::npos && rule.id.find('/', slash + 1) == std::string_view::npos &&
      rule.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-/") == std::string_view::npos;
  if (!well_formed)
    errors.push_back({ErrorCode::rule, "a rule's id is family/name in lower-case letters, digits and hyphens",
                      rule.folder});
  for (const std::string& id : rule.asks) {
    const auto& all = book.rules();
    const bool known = std::any_of(all.begin(), all.end(),
                                   [&](const Rule& one) { return one.disclosure && one.name == id; });
    if (!known)
      errors.push_back({ErrorCode::rule, "`asks` names `" + id + "`, which is no disclosure", rule.folder});
  }
  auto cases = parse_cases(rule.cases, path);
  if (!cases) {
    errors.push_back(cases.error());
    return errors;
  }
  std::map<std::string, std::size_t, std::less<>> count;
  for (const RuleCase& one : *cases) {
    ++count[one.expect];
    if (one.expect == "disclosed" && one.cites.empty()) {
      errors.push_back(
          {ErrorCode::rule,
           "the case \"" + one.name + "\" expects `disclosed` and must say what is quoted (`cites`)",
           one.where});
    }
  }
  count["finding"] += count["contradicted"];
  const auto require = [&](const Minimum& minimum) {
    if (count[std::string(minimum.expect)] >= minimum.count) return;
    errors.push_back({ErrorCode::rule,
                      "expected at least " + text::plural(minimum.count, "case", "cases") + " of `" +
                          std::string(minimum.expect) + "`, found " +
                          std::to_string(count[std::string(minimum.expect)]),
                      path});
  };
  if (rule.disclosure) {
    for (const Minimum& minimum : kDisclosureMinimum) require(minimum);
  } else {
    for (const Minimum& minimum : kAuditMinimum) require(minimum);
  }
  return errors;
}

}  // namespace cardwarden
