// SPDX-License-Identifier: Apache-2.0
#pragma once
// The tree of sources as the architecture tests read it.

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace cardwarden::testing {

namespace fs = std::filesystem;

inline const fs::path& source_root() {
  static const fs::path root = CARDWARDEN_SOURCE_DIR;
  return root;
}

struct Source {
  std::string path;  // from the root, "auditor/base/text.h"
  std::string text;
  std::vector<std::string> lines;

  std::string folder(std::size_t depth) const {  // the first parts of the path: folder(2) is "auditor/base"
    std::size_t at = 0;
    for (std::size_t i = 0; i < depth && at != std::string::npos; ++i)
      at = path.find('/', at + (i > 0 ? 1 : 0));
    return path.substr(0, at);
  }
};

inline std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in.good());
  return {std::istreambuf_iterator<char>(in), {}};
}

inline bool has_extension(const std::string& path, std::initializer_list<std::string_view> extensions) {
  const std::string_view view = path;
  return std::any_of(extensions.begin(), extensions.end(), [view](std::string_view extension) {
    return view.size() > extension.size() && view.substr(view.size() - extension.size()) == extension;
  });
}

// Files below the folders that end so, in the order of their paths. Installed packages and builds are passed
// over.
inline std::vector<Source> sources(std::initializer_list<std::string_view> folders,
                                   std::initializer_list<std::string_view> extensions) {
  std::vector<Source> out;
  for (const std::string_view folder : folders) {
    if (!fs::exists(source_root() / folder)) continue;
    for (auto it = fs::recursive_directory_iterator(source_root() / folder);
         it != fs::recursive_directory_iterator(); ++it) {
      const std::string name = it->path().filename().string();
      if (it->is_directory() && (name == "node_modules" || name == "build")) it.disable_recursion_pending();
      const std::string path = it->path().lexically_relative(source_root()).generic_string();
      if (!it->is_regular_file() || !has_extension(path, extensions)) continue;
      Source source{path, read(it->path()), {}};
      std::size_t begin = 0;
      while (begin < source.text.size()) {
        const std::size_t end = std::min(source.text.find('\n', begin), source.text.size());
        source.lines.push_back(source.text.substr(begin, end - begin));
        begin = end + 1;
      }
      out.push_back(std::move(source));
    }
  }
  std::sort(out.begin(), out.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
  REQUIRE(out.size() > 5);  // a wrong root must not make a test pass
  return out;
}

struct Include {
  std::string name;  // "base/text.h", "vector"
  bool quoted = false;
  std::size_t line = 0;
};

inline std::vector<Include> includes(const Source& source) {
  std::vector<Include> out;
  for (std::size_t i = 0; i < source.lines.size(); ++i) {
    const std::string& line = source.lines[i];
    const std::size_t at = line.find_first_not_of(" \t");
    if (at == std::string::npos || line.compare(at, 8, "#include") != 0) continue;
    const std::size_t open = line.find_first_of("\"<", at);
    REQUIRE(open != std::string::npos);
    const std::size_t close = line.find_first_of("\">", open + 1);
    REQUIRE(close != std::string::npos);
    out.push_back({line.substr(open + 1, close - open - 1), line[open] == '"', i + 1});
  }
  return out;
}

struct Code {
  std::string code;                  // without comments; strings and characters emptied
  std::vector<std::string> strings;  // what stood in the strings
};

// C++ without comments, and its strings apart.
inline Code code_of(const std::string& text) {
  Code out;
  for (std::size_t at = 0; at < text.size();) {
    if (text.compare(at, 2, "//") == 0) {
      at = std::min(text.find('\n', at), text.size());
    } else if (text.compare(at, 2, "/*") == 0) {
      at = std::min(text.find("*/", at + 2), text.size() - 2) + 2;
    } else if (text.compare(at, 2, "R\"") == 0) {
      const std::size_t open = text.find('(', at);
      const std::string close = ")" + text.substr(at + 2, open - at - 2) + "\"";
      const std::size_t end = text.find(close, open);
      out.strings.push_back(text.substr(open + 1, end - open - 1));
      out.code += "\"\"";
      at = end + close.size();
    } else if (text[at] == '"' ||
               (text[at] == '\'' &&
                (at == 0 || std::isalnum(static_cast<unsigned char>(text[at - 1])) == 0))) {
      const char quote = text[at];
      std::string inside;
      for (++at; at < text.size() && text[at] != quote; ++at) {
        if (text[at] == '\\') inside += text[at++];
        inside += text[at];
      }
      ++at;
      if (quote == '"') out.strings.push_back(std::move(inside));
      out.code += "\"\"";
    } else {
      out.code += text[at++];
    }
  }
  return out;
}

// Whether the word stands in the code, not as a part of a longer name.
inline bool says(const std::string& code, std::string_view word) {
  const auto is_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (std::size_t at = code.find(word); at != std::string::npos; at = code.find(word, at + 1)) {
    const bool starts = at == 0 || !is_name(code[at - 1]) || !is_name(word.front());
    const std::size_t end = at + word.size();
    const bool ends = end >= code.size() || !is_name(code[end]) || !is_name(word.back());
    if (starts && ends) return true;
  }
  return false;
}

}  // namespace cardwarden::testing
