// SPDX-License-Identifier: Apache-2.0
#include "repository/weight_file.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "repository/zip.h"

namespace cardwarden {
namespace {

bool ends_with(std::string_view s, std::string_view end) {
  return s.size() >= end.size() && s.substr(s.size() - end.size()) == end;
}

bool starts_with(std::string_view s, std::string_view start) { return s.substr(0, start.size()) == start; }

std::string_view name_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool read_count(std::string_view digits, std::size_t& out) {
  if (digits.empty() || digits.size() > 6) return false;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return read.ec == std::errc() && read.ptr == digits.data() + digits.size();
}

void read_safetensors_file(const ByteSource& content, const CountOptions& options, WeightFile& file) {
  const auto header = read_safetensors(content);
  if (!header) {
    file.note = header.error().text();
    file.parameters.reason = "The header cannot be read: " + file.note;
    return;
  }
  bool adapter = !header->tensors.empty();
  for (const SafetensorsTensor& tensor : header->tensors) {
    file.dtypes[tensor.dtype] += tensor.elements;
    adapter = adapter && (tensor.name.find("lora_") != std::string::npos ||
                          tensor.name.find(".lora.") != std::string::npos);
  }
  if (adapter) file.role = WeightRole::adapter;
  for (const auto& [key, value] : header->metadata) {
    if (file.metadata.size() < kMaxHeaderTexts)
      file.metadata.emplace_back(key, value.substr(0, kMaxGgufText));
  }
  file.parameters = count_safetensors(*header, options);
}

void read_gguf_file(const ByteSource& content, WeightFile& file) {
  const auto header = read_gguf(content);
  if (!header) {
    file.note = header.error().text();
    file.parameters.reason = "The header cannot be read: " + file.note;
    return;
  }
  for (const GgufTensor& tensor : header->tensors)
    file.dtypes[gguf_type_name(tensor.type)] += tensor.elements;
  for (const GgufValue& value : header->values) {
    if (!value.text.empty() && file.metadata.size() < kMaxHeaderTexts)
      file.metadata.emplace_back(value.key, value.text);
  }
  file.parameters = count_gguf(*header);
}

void not_assessable(WeightFile& file, std::string why) {
  file.pickle_state = PickleState::not_assessable;
  file.note = std::move(why);
}

// One reading of several pickles.
void merge(PickleReading& into, const PickleReading& more) {
  for (const PickleGlobal& global : more.globals) {
    const auto at = std::find_if(into.globals.begin(), into.globals.end(), [&](const PickleGlobal& one) {
      return one.module == global.module && one.name == global.name;
    });
    if (at == into.globals.end()) {
      if (into.globals.size() < kMaxPickleGlobals) into.globals.push_back(global);
      continue;
    }
    at->imported += global.imported;
    at->called += global.called;
  }
  for (const auto& [name, count] : more.opcodes) {
    const auto at = std::find_if(into.opcodes.begin(), into.opcodes.end(),
                                 [&name = name](const auto& one) { return one.first == name; });
    if (at == into.opcodes.end()) {
      into.opcodes.emplace_back(name, count);
    } else {
      at->second += count;
    }
  }
  into.complete = (into.pickles == 0 && into.problem.empty() ? true : into.complete) && more.complete;
  into.pickles += more.pickles;
  into.bytes += more.bytes;
  if (into.problem.empty()) into.problem = more.problem;
}

// An array file: the header says whether the elements are Python objects, which follow as a pickle.
void read_npy(std::string_view bytes, WeightFile& file) {
  if (bytes.size() < 12 || !starts_with(bytes, "\x93NUMPY")) {
    return not_assessable(file, "An array of numpy does not begin as one.");
  }
  const bool wide = bytes[6] > 1;
  std::size_t length = 0;
  for (std::size_t i = 0; i < (wide ? 4U : 2U); ++i) {
    length |= static_cast<std::size_t>(static_cast<unsigned char>(bytes[8 + i])) << (8U * i);
  }
  const std::size_t start = wide ? 12 : 10;
  if (length > bytes.size() - start) return not_assessable(file, "The header of a numpy array is cut.");
  const std::string_view header = bytes.substr(start, length);
  file.pickle_state = PickleState::read;
  // "|O" alone or as a field of a record.
  if (header.find("'|O'") == std::string_view::npos && header.find("'O'") == std::string_view::npos) return;
  merge(file.pickle, read_pickle(bytes.substr(start + length)));
}

void read_archive(const ByteSource& content, WeightFile& file) {
  const auto members = read_zip_directory(content);
  if (!members) return not_assessable(file, members.error().text());
  std::size_t read_members = 0;
  bool found = false;
  for (const ZipMember& member : *members) {
    const bool array = ends_with(member.name, ".npy");
    if (!array && !ends_with(member.name, ".pkl")) continue;
    found = true;
    if (++read_members > kMaxPicklesOfArchive) {
      return not_assessable(file, "The archive has more than " + std::to_string(kMaxPicklesOfArchive) +
                                      " pickles (kMaxPicklesOfArchive).");
    }
    const auto bytes = read_zip_member(content, member, kMaxPickleBytes);
    if (!bytes) return not_assessable(file, bytes.error().text());
    if (array) {
      read_npy(*bytes, file);
      if (file.pickle_state == PickleState::not_assessable) return;
    } else {
      merge(file.pickle, read_pickle(*bytes));
    }
  }
  file.pickle_state = PickleState::read;
  if (!found) file.note = "The archive holds no pickle.";
}

void read_pickle_file(const ByteSource& content, std::string_view magic, WeightFile& file) {
  if (starts_with(magic, "PK\x03\x04")) return read_archive(content, file);
  const auto bytes = static_cast<std::size_t>(std::min<std::uint64_t>(content.size, kMaxPickleBytes));
  if (starts_with(magic, "\x93NUMPY")) {
    const auto array = content.read(0, bytes);
    if (!array) return not_assessable(file, array.error().text());
    return read_npy(*array, file);
  }
  for (const std::string_view packed :
       {"\x1f\x8b", "BZh", "\xfd\x37zXZ", "\x78\x9c", "\x78\x01", "\x78\xda", "\x04\x22\x4d\x18"}) {
    if (starts_with(magic, packed))
      return not_assessable(file, "The pickle is compressed and is not unpacked.");
  }
  // The opcodes stand at the start; the storages of torch's old format behind them are not needed.
  constexpr std::size_t kStart = 16U << 20U;
  auto start = content.read(0, std::min(bytes, kStart));
  if (!start) return not_assessable(file, start.error().text());
  PickleReading reading = read_pickle(*start);
  if (!reading.complete && content.size > kStart) {
    start = content.read(0, bytes);
    if (!start) return not_assessable(file, start.error().text());
    reading = read_pickle(*start);
  }
  if (reading.pickles == 0 && reading.globals.empty()) {
    return not_assessable(file, "The bytes are no pickle that can be read. " + reading.problem);
  }
  file.pickle_state = PickleState::read;
  file.pickle = std::move(reading);
}

// What the first bytes say, where they say it clearly.
std::optional<WeightFormat> format_of_magic(std::string_view magic) {
  if (starts_with(magic, "GGUF")) return WeightFormat::gguf;
  if (starts_with(magic, "\x89HDF")) return WeightFormat::keras;
  for (const std::string_view ggml : {"lmgg", "tjgg", "fmgg", "ggml", "ggjt"}) {
    if (starts_with(magic, ggml)) return WeightFormat::ggml;
  }
  if (starts_with(magic, "\x93NUMPY")) return WeightFormat::numpy;
  return std::nullopt;
}

}  // namespace

std::optional<WeightFormat> weight_format_of(std::string_view path) {
  const std::string name = text::lower_ascii(name_of(path));
  struct Ending {
    std::string_view end;
    WeightFormat format;
  };
  static constexpr Ending kEndings[] = {{".safetensors", WeightFormat::safetensors},
                                        {".gguf", WeightFormat::gguf},
                                        {".ggml", WeightFormat::ggml},
                                        {".onnx", WeightFormat::onnx},
                                        {".onnx_data", WeightFormat::onnx},
                                        {".onnx.data", WeightFormat::onnx},
                                        {".pt", WeightFormat::torch_pickle},
                                        {".pth", WeightFormat::torch_pickle},
                                        {".ckpt", WeightFormat::torch_pickle},
                                        {".pkl", WeightFormat::pickle},
                                        {".pickle", WeightFormat::pickle},
                                        {".joblib", WeightFormat::pickle},
                                        {".dill", WeightFormat::pickle},
                                        {".npy", WeightFormat::numpy},
                                        {".npz", WeightFormat::numpy},
                                        {".h5", WeightFormat::keras},
                                        {".keras", WeightFormat::keras},
                                        {".hdf5", WeightFormat::keras},
                                        {".msgpack", WeightFormat::flax},
                                        {".tflite", WeightFormat::tflite},
                                        {".pb", WeightFormat::tensorflow},
                                        {".mlmodel", WeightFormat::coreml},
                                        {".ot", WeightFormat::other},
                                        {".nemo", WeightFormat::other}};
  for (const Ending& one : kEndings) {
    if (name.size() > one.end.size() && ends_with(name, one.end)) return one.format;
  }
  if (name.find(".ckpt.data-") != std::string::npos || name == "model.ckpt.index")
    return WeightFormat::tensorflow;
  if (!ends_with(name, ".bin")) return std::nullopt;
  if (starts_with(name, "openvino")) return WeightFormat::openvino;
  for (const char* start :
       {"pytorch_model", "adapter_model", "diffusion_pytorch_model", "training_args", "optimizer",
        "open_clip_pytorch_model", "pytorch_lora_weights", "consolidated", "scheduler"}) {
    if (starts_with(name, start)) return WeightFormat::torch_pickle;
  }
  return WeightFormat::other;  // fastText, ggml, data of ONNX and many more share this ending
}

ShardName shard_name_of(std::string_view file_name) {
  ShardName out;
  const std::size_t dot = file_name.rfind('.');
  std::string_view stem = file_name.substr(0, dot);
  const std::size_t of = stem.rfind("-of-");
  const std::size_t dash =
      of == std::string_view::npos || of == 0 ? std::string_view::npos : stem.rfind('-', of - 1);
  if (dash != std::string_view::npos && read_count(stem.substr(dash + 1, of - dash - 1), out.number) &&
      read_count(stem.substr(of + 4), out.of)) {
    out.stem = std::string(stem.substr(0, dash));
    return out;
  }
  out.number = out.of = 0;
  // "consolidated.00.pth": parallel parts, counted from 0, whose number nobody says.
  const std::size_t inner = stem.rfind('.');
  if (inner != std::string_view::npos && stem.size() - inner == 3 && ends_with(file_name, ".pth") &&
      read_count(stem.substr(inner + 1), out.number)) {
    ++out.number;
    stem = stem.substr(0, inner);
  }
  out.stem = std::string(stem);
  return out;
}

WeightRole weight_role_of(std::string_view file_name) {
  const std::string name = text::lower_ascii(file_name);
  for (const char* start : {"training_args", "optimizer", "scheduler", "rng_state", "scaler."}) {
    if (starts_with(name, start)) return WeightRole::training_state;
  }
  if (name.find("optim_states") != std::string::npos) return WeightRole::training_state;
  const bool adapter = starts_with(name, "adapter_model") || name.find("lora") != std::string::npos ||
                       starts_with(name, "learned_embeds");
  return adapter ? WeightRole::adapter : WeightRole::model;
}

void read_weight_content(const ByteSource& content, const CountOptions& options, WeightFile& file) {
  const auto magic = content.read(0, static_cast<std::size_t>(std::min<std::uint64_t>(content.size, 16)));
  if (!magic) {
    file.note = magic.error().text();
    return;
  }
  file.by_magic = true;
  if (const auto format = format_of_magic(*magic)) file.format = *format;
  if (file.format == WeightFormat::other && starts_with(*magic, "PK\x03\x04")) {
    const auto members = read_zip_directory(content);
    const bool torch = members && std::any_of(members->begin(), members->end(), [](const ZipMember& member) {
                         return ends_with(member.name, "data.pkl");
                       });
    if (torch) file.format = WeightFormat::torch_pickle;
  } else if (file.format == WeightFormat::other && magic->size() > 1 && (*magic)[0] == '\x80' &&
             static_cast<unsigned char>((*magic)[1]) <= 5) {
    file.format = WeightFormat::pickle;
  }
  if (file.format == WeightFormat::safetensors) {
    read_safetensors_file(content, options, file);
  } else if (file.format == WeightFormat::gguf) {
    read_gguf_file(content, file);
  } else if (is_pickle_format(file.format)) {
    read_pickle_file(content, *magic, file);
  }
}

}  // namespace cardwarden
