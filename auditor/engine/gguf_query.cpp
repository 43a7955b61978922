// SPDX-License-Identifier: Apache-2.0
#include "engine/gguf_query.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace cardwarden::around {
namespace {

constexpr std::size_t kLeastName = 4;  // letters of a name that can tell one model from others

std::string_view value_of(const WeightFile& file, std::string_view key) {
  const auto at = std::find_if(file.metadata.begin(), file.metadata.end(),
                               [key](const auto& one) { return one.first == key; });
  return at == file.metadata.end() ? std::string_view() : text::trim(at->second);
}

// Files whose header was read, but for projectors of pictures and sound, which are parts beside a model.
bool speaks(const WeightFile& file) {
  return file.format == WeightFormat::gguf && value_of(file, "general.type") != "mmproj" &&
         value_of(file, "general.architecture") != "clip";
}

bool is_adapter(const WeightFile& file) {
  return file.role == WeightRole::adapter || value_of(file, "general.type") == "adapter";
}

FileQuote quote_of(const WeightFile& file, std::string_view key, std::string_view value) {
  return {file.path, 0, text::excerpt(std::string(key) + ": " + std::string(value), kMaxQuoteChars)};
}

// Letters and digits only, in small letters: "Llama 3.1 8B" and "llama-3.1-8b" are one name.
std::string squeezed(std::string_view name) {
  std::string out;
  for (const char c : text::lower_ascii(name)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out.push_back(c);
  }
  return out;
}

}  // namespace

std::vector<HeaderValue> header_values(const RepositoryFacts& facts, std::string_view key) {
  std::vector<HeaderValue> out;
  for (const WeightFile& file : facts.weights->files) {
    if (!speaks(file)) continue;
    const std::string_view value = value_of(file, key);
    if (!value.empty()) out.push_back({&file, value, quote_of(file, key, value)});
  }
  return out;
}

std::optional<HeaderContext> header_context(const RepositoryFacts& facts) {
  std::optional<HeaderContext> out;
  bool scaled = false;
  for (const HeaderValue& one : header_values(facts, "general.architecture")) {
    const std::string name(one.text);
    const std::string_view scaling = value_of(*one.file, name + ".rope.scaling.type");
    scaled = scaled || (!scaling.empty() && scaling != "none");
    const std::string key = name + ".context_length";
    const std::string_view value = value_of(*one.file, key);
    std::uint64_t tokens = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), tokens);
    if (read.ec != std::errc() || read.ptr != value.data() + value.size() || tokens == 0) continue;
    if (!out || tokens > out->tokens) out = HeaderContext{tokens, quote_of(*one.file, key, value), false};
  }
  if (out) out->scaled = scaled;
  return out;
}

std::optional<std::string> hub_id_of_url(std::string_view url) {
  for (const std::string_view start :
       {"https://huggingface.co/", "http://huggingface.co/", "https://hf.co/"}) {
    if (url.substr(0, start.size()) != start) continue;
    std::string_view path = url.substr(start.size());
    path = path.substr(0, path.find_first_of("?#"));
    const std::size_t owner = path.find('/');
    const std::size_t name =
        owner == std::string_view::npos ? std::string_view::npos : path.find('/', owner + 1);
    path = path.substr(0, name);  // "/tree/main" and the like
    const bool other_kind = path.rfind("datasets/", 0) == 0 || path.rfind("spaces/", 0) == 0;
    if (other_kind || owner == std::string_view::npos || !is_hub_id(path)) return std::nullopt;
    return std::string(path);
  }
  return std::nullopt;
}

std::vector<NamedBase> bases_in_headers(const RepositoryFacts& facts) {
  std::vector<NamedBase> out;
  for (const WeightFile& file : facts.weights->files) {
    if (!speaks(file) || !out.empty()) continue;
    for (std::size_t i = 0; i < kMaxHeaderBases; ++i) {
      const std::string key = "general.base_model." + std::to_string(i) + ".repo_url";
      const std::string_view url = value_of(file, key);
      if (auto id = hub_id_of_url(url))
        out.push_back({*std::move(id), quote_of(file, key, url), is_adapter(file)});
    }
  }
  return out;
}

bool is_model_of_header(const RepositoryFacts& facts, std::string_view id) {
  const std::string name = squeezed(id.substr(id.rfind('/') + 1));
  for (const WeightFile& file : facts.weights->files) {
    if (!speaks(file)) continue;
    if (same_model(value_of(file, "general.source.huggingface.repository"), id)) return true;
    for (const char* key :
         {"general.source.repo_url", "general.source.url", "general.repo_url", "general.url"}) {
      const auto source = hub_id_of_url(value_of(file, key));
      if (source && same_model(*source, id)) return true;
    }
    for (const char* key : {"general.name", "general.basename"}) {
      const std::string own = squeezed(value_of(file, key));
      if (std::min(own.size(), name.size()) < kLeastName) continue;
      if (own.find(name) != std::string::npos || name.find(own) != std::string::npos) return true;
    }
  }
  return false;
}

}  // namespace cardwarden::around
