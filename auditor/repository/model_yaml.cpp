// SPDX-License-Identifier: Apache-2.0
// The small files beside the weights that are YAML.
#include "base/text.h"
#include "base/yaml.h"
#include "repository/model_files.h"

namespace cardwarden {
namespace {

struct YamlText {
  std::string_view text;
  LineIndex lines;
  yaml::Node root;

  TextFact fact(std::string value, Span span) const {
    return {std::move(value), lines.line_of(span.begin), text::excerpt(span.of(text), kMaxQuoteChars)};
  }
};

Result<YamlText> read(std::string_view text, std::string_view path) {
  yaml::Document document = yaml::parse(text);
  YamlText out{text, LineIndex(text), std::move(document.root)};
  for (const yaml::Problem& problem : document.problems) {
    if (problem.kind == yaml::ProblemKind::duplicate_key) continue;
    const Position place = out.lines.position(text, problem.span.begin);
    return Error(ErrorCode::format, problem.message,
                 std::string(path) + ":" + std::to_string(place.line) + ":" + std::to_string(place.column));
  }
  return out;
}

std::optional<TextFact> text_of(const YamlText& file, const yaml::Node& mapping, std::string_view key) {
  const yaml::Entry* entry = mapping.find_entry(key);
  if (entry == nullptr || !entry->value.is_scalar() || entry->value.text.empty()) return std::nullopt;
  return file.fact(entry->value.text, {entry->key.span.begin, entry->value.span.end});
}

EvalResult read_result(const YamlText& file, const yaml::Node& item, std::string_view path) {
  EvalResult out;
  out.path = std::string(path);
  if (const yaml::Node* dataset = item.find("dataset")) {
    out.dataset = text_of(file, *dataset, "id");
    out.task = text_of(file, *dataset, "task_id");
    out.revision = text_of(file, *dataset, "revision");
  }
  out.value = text_of(file, item, "value");
  out.date = text_of(file, item, "date");
  out.has_token = item.find("verifyToken") != nullptr;
  if (const yaml::Node* source = item.find("source")) out.source_url = text_of(file, *source, "url");
  return out;
}

}  // namespace

Result<std::vector<EvalResult>> read_eval_results(std::string_view text, std::string_view path) {
  const auto file = read(text, path);
  if (!file) return file.error();
  std::vector<EvalResult> out;
  if (file->root.is_mapping()) out.push_back(read_result(*file, file->root, path));
  for (const yaml::Node& item : file->root.items) {
    if (item.is_mapping() && out.size() < kMaxListedFacts) out.push_back(read_result(*file, item, path));
  }
  if (out.empty()) {
    return Error(ErrorCode::format, "Expected a list of results, each with 'dataset' and 'value'.",
                 std::string(path));
  }
  return out;
}

Result<Citation> read_citation(std::string_view text, std::string_view path) {
  const auto file = read(text, path);
  if (!file) return file.error();
  if (!file->root.is_mapping()) {
    return Error(ErrorCode::format, "Expected the keys of a CITATION.cff.", std::string(path));
  }
  Citation out;
  out.path = std::string(path);
  out.title = text_of(*file, file->root, "title");
  out.version = text_of(*file, file->root, "version");
  out.license = text_of(*file, file->root, "license");
  out.doi = text_of(*file, file->root, "doi");
  out.released = text_of(*file, file->root, "date-released");
  const yaml::Node* authors = file->root.find("authors");
  if (authors == nullptr) return out;
  for (const yaml::Node& author : authors->items) {
    std::string name;
    for (const char* key : {"given-names", "family-names", "name"}) {
      const yaml::Node* part = author.find(key);
      if (part == nullptr || !part->is_scalar() || part->text.empty()) continue;
      name += (name.empty() ? "" : " ") + part->text;
    }
    if (!name.empty() && out.authors.size() < kMaxListedFacts) {
      out.authors.push_back(file->fact(std::move(name), author.span));
    }
  }
  return out;
}

}  // namespace cardwarden
