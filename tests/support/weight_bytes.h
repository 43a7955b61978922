// SPDX-License-Identifier: Apache-2.0
#pragma once
// Small files of weights, made byte by byte. Tensors hold zeros.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cardwarden::testing {

inline std::string little(std::uint64_t value, std::size_t width) {
  std::string out;
  for (std::size_t i = 0; i < width; ++i) out.push_back(static_cast<char>((value >> (8U * i)) & 0xFFU));
  return out;
}

inline std::string safetensors_file(std::string_view header, std::size_t data_bytes) {
  return little(header.size(), 8) + std::string(header) + std::string(data_bytes, '\0');
}

struct TensorSpec {
  std::string name;
  std::string dtype;
  std::vector<std::uint64_t> shape;
  std::size_t bytes = 0;
};

inline std::string safetensors_file(const std::vector<TensorSpec>& tensors) {
  std::string header = "{\"__metadata__\":{\"format\":\"pt\"}";
  std::size_t at = 0;
  for (const TensorSpec& tensor : tensors) {
    header += ",\"" + tensor.name + "\":{\"dtype\":\"" + tensor.dtype + "\",\"shape\":[";
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
      header += (i > 0 ? "," : "") + std::to_string(tensor.shape[i]);
    }
    header += "],\"data_offsets\":[" + std::to_string(at) + "," + std::to_string(at + tensor.bytes) + "]}";
    at += tensor.bytes;
  }
  return safetensors_file(header + "}   ", at);
}

// GGUF text with a length of `wide` bytes.
inline std::string gguf_text(std::string_view text, std::size_t wide = 8) {
  return little(text.size(), wide) + std::string(text);
}

struct GgufSpec {
  std::string name;
  std::uint32_t type = 0;
  std::vector<std::uint64_t> shape;
};

inline std::string gguf_file(const std::vector<std::pair<std::string, std::string>>& texts,
                             const std::vector<GgufSpec>& tensors, std::uint32_t version = 3) {
  const std::size_t wide = version == 1 ? 4 : 8;
  std::string out = "GGUF" + little(version, 4) + little(tensors.size(), wide) + little(texts.size(), wide);
  for (const auto& [key, value] : texts) out += gguf_text(key, wide) + little(8, 4) + gguf_text(value, wide);
  for (const GgufSpec& tensor : tensors) {
    out += gguf_text(tensor.name, wide) + little(tensor.shape.size(), 4);
    for (const std::uint64_t dimension : tensor.shape) out += little(dimension, wide);
    out += little(tensor.type, 4) + little(0, 8);
  }
  return out;
}

inline std::string joined(std::initializer_list<std::string> parts) {
  std::string out;
  for (const std::string& part : parts) out += part;
  return out;
}

// A ZIP archive of stored members.
inline std::string zip_file(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string out;
  std::string directory;
  for (const auto& [name, bytes] : members) {
    const std::string sizes = little(0, 4) + little(bytes.size(), 4) + little(bytes.size(), 4);
    const std::size_t offset = out.size();
    out += joined({"PK\x03\x04", little(20, 2), little(0, 8), sizes, little(name.size(), 2), little(0, 2),
                   name, bytes});
    directory += joined({"PK\x01\x02", little(20, 2), little(20, 2), little(0, 8), sizes,
                         little(name.size(), 2), little(0, 12), little(offset, 4), name});
  }
  const std::size_t at = out.size();
  out += directory + "PK\x05\x06" + little(0, 4) + little(members.size(), 2) + little(members.size(), 2) +
         little(directory.size(), 4) + little(at, 4) + little(0, 2);
  return out;
}

// A pickle of protocol 2 that calls module.name with no arguments.
inline std::string calling_pickle(std::string_view module, std::string_view name) {
  return "\x80\x02"
         "c" +
         std::string(module) + "\n" + std::string(name) + "\n)R.";
}

}  // namespace cardwarden::testing
