// SPDX-License-Identifier: Apache-2.0
#include "repository/parameters.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace cardwarden {
namespace {

bool ends_with(std::string_view s, std::string_view end) {
  return s.size() >= end.size() && s.substr(s.size() - end.size()) == end;
}

// What quantisers store beside the weights: factors, offsets, tables and orders, none of them a parameter of
// the model (GPTQ, AWQ, bitsandbytes, compressed-tensors, MLX, MXFP4).
bool is_auxiliary(std::string_view name, std::string_view dtype) {
  static constexpr std::string_view kEnds[] = {".scales",
                                               ".qzeros",
                                               ".g_idx",
                                               ".zeros",
                                               "_scales",
                                               ".scale",
                                               ".zero_point",
                                               ".absmax",
                                               ".quant_map",
                                               ".nested_absmax",
                                               ".nested_quant_map",
                                               ".weight_scale",
                                               ".weight_scale_inv",
                                               ".input_scale",
                                               ".weight_zero_point",
                                               ".weight_shape",
                                               ".SCB",
                                               ".weight_format",
                                               ".k_scale",
                                               ".v_scale",
                                               ".weight_scale_2",
                                               ".weight_global_scale",
                                               ".input_global_scale",
                                               ".weight_g_idx",
                                               ".output_scale"};
  if (dtype == "F8_E8M0" || name.find(".quant_state.") != std::string_view::npos) return true;
  return std::any_of(std::begin(kEnds), std::end(kEnds),
                     [name](std::string_view end) { return ends_with(name, end); });
}

// State that is computed, not trained.
bool is_buffer(std::string_view name, std::string_view dtype) {
  if (dtype == "BOOL" || dtype == "I64") return true;
  for (const std::string_view end : {"inv_freq", "position_ids", ".masked_bias", ".running_mean",
                                     ".running_var", ".num_batches_tracked"}) {
    if (ends_with(name, end)) return true;
  }
  return false;
}

std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) {
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

std::uint64_t saturating_multiply(std::uint64_t a, std::uint64_t b) {
  return b != 0 && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

ParameterCount exact(std::uint64_t value, std::string reason) {
  return {CountKind::exact, value, value, value, std::move(reason)};
}

ParameterCount unknown(std::string reason) { return {CountKind::unknown, 0, 0, 0, std::move(reason)}; }

// How many weights one element of a tensor holds: 8/1 where 4 bits stand in an I32, 32/3 for 3 bits; 0 when
// it cannot be told.
struct Ratio {
  std::uint64_t weights = 1;
  std::uint64_t elements = 1;
};

Ratio weights_in_element(const SafetensorsTensor& tensor, const CountOptions& options,
                         const std::set<std::string_view>& names) {
  const std::string& dtype = tensor.dtype;
  if (ends_with(tensor.name, "_blocks") && dtype == "U8") return {2, 1};  // MXFP4: two of 4 bits in a byte
  const bool wide = dtype == "I32" || dtype == "U32" || dtype == "I16" || dtype == "U8" || dtype == "I8";
  if (!wide) return {};
  const std::string stem = tensor.name.substr(0, tensor.name.rfind('.'));
  const auto known = [&names](const std::string& name) { return names.count(name) != 0; };
  const bool bytes_with_table = known(tensor.name + ".absmax");  // bitsandbytes
  const bool packed =
      bytes_with_table || ends_with(tensor.name, ".qweight") || ends_with(tensor.name, ".weight_packed") ||
      ((dtype == "U32" || dtype == "I32") && ends_with(tensor.name, ".weight") && known(stem + ".scales")) ||
      (dtype == "U8" && options.quantized && options.packed_bits.value_or(8) < 8);
  if (!packed) return {};
  const std::uint64_t container = safetensors_bits(dtype).value_or(8);
  // bitsandbytes packs bytes in one way only; others need the configuration.
  if (!options.packed_bits) return {bytes_with_table ? std::uint64_t{2} : 0, 1};
  const auto bits = static_cast<std::uint64_t>(*options.packed_bits);
  if (*options.packed_bits < 1 || bits > container) return {0, 1};
  return {container, bits};
}

}  // namespace

ParameterCount count_safetensors(const SafetensorsHeader& header, const CountOptions& options) {
  std::set<std::string_view> names;
  for (const SafetensorsTensor& tensor : header.tensors) names.insert(tensor.name);
  std::uint64_t value = 0;
  std::size_t packed = 0;
  std::size_t passed_over = 0;
  for (const SafetensorsTensor& tensor : header.tensors) {
    if (is_auxiliary(tensor.name, tensor.dtype) || is_buffer(tensor.name, tensor.dtype)) {
      ++passed_over;
      continue;
    }
    const Ratio each = weights_in_element(tensor, options, names);
    if (each.weights == 0) {
      return unknown("Tensor '" + text::printable(tensor.name.substr(0, 80)) +
                     "' packs several weights into one element, and no configuration says how many.");
    }
    if (each.weights > each.elements) ++packed;
    value = saturating_add(value, saturating_multiply(tensor.elements, each.weights) / each.elements);
  }
  std::string reason =
      "Counted from the shapes of " + text::plural(header.tensors.size(), "tensor", "tensors");
  if (packed > 0)
    reason += "; " + std::to_string(packed) + " of them hold packed weights, which were unpacked";
  if (passed_over > 0)
    reason += "; " + std::to_string(passed_over) + " hold scales or buffers and were left out";
  return exact(value, reason + ".");
}

ParameterCount count_gguf(const GgufHeader& header) {
  std::uint64_t value = 0;
  for (const GgufTensor& tensor : header.tensors) {
    if (!ends_with(tensor.name, "rope_freqs.weight")) value = saturating_add(value, tensor.elements);
  }
  return exact(
      value, "Counted from the shapes of " + text::plural(header.tensors.size(), "tensor", "tensors") + ".");
}

std::optional<double> bits_of_dtype(std::string_view dtype) {
  std::string name = text::lower_ascii(dtype);
  if (name.compare(0, 6, "torch.") == 0) name = name.substr(6);
  static constexpr std::pair<std::string_view, double> kBits[] = {
      {"float64", 64},
      {"float32", 32},
      {"float", 32},
      {"fp32", 32},
      {"float16", 16},
      {"half", 16},
      {"fp16", 16},
      {"bfloat16", 16},
      {"bf16", 16},
      {"float8_e4m3fn", 8},
      {"float8_e5m2", 8},
      {"int8", 8},
      {"uint8", 8},
      // Bits per weight of whole files, as llama.cpp's quantize tool lists them for Llama 3.1 8B.
      {"f32", 32},
      {"f16", 16},
      {"q8_0", 8.5},
      {"q6_k", 6.56},
      {"q5_k_m", 5.70},
      {"q5_k_s", 5.57},
      {"q5_k", 5.70},
      {"q5_0", 5.54},
      {"q5_1", 6.0},
      {"q4_k_m", 4.89},
      {"q4_k_s", 4.67},
      {"q4_k", 4.89},
      {"q4_0", 4.65},
      {"q4_1", 5.1},
      {"q3_k_l", 4.30},
      {"q3_k_m", 4.00},
      {"q3_k_s", 3.64},
      {"q3_k", 4.00},
      {"q2_k", 3.16},
      {"q2_k_s", 2.97},
      {"iq4_nl", 4.68},
      {"iq4_xs", 4.46},
      {"iq3_m", 3.76},
      {"iq3_s", 3.66},
      {"iq3_xs", 3.50},
      {"iq3_xxs", 3.25},
      {"iq2_m", 2.93},
      {"iq2_s", 2.74},
      {"iq2_xs", 2.59},
      {"iq2_xxs", 2.38},
      {"iq1_m", 2.15},
      {"iq1_s", 2.00},
      {"mxfp4", 4.25}};
  for (const auto& [known, bits] : kBits) {
    if (known == name) return bits;
  }
  return std::nullopt;
}

std::string gguf_variant(std::string_view file_name) {
  const std::string name = text::lower_ascii(file_name);
  std::string best;
  // The last word of the name that is a known type: "a-Q4_K_M.gguf", "a.f16.gguf",
  // "a-Q8_0-00001-of-00002.gguf".
  for (std::size_t begin = 0; begin < name.size();) {
    const std::size_t end = std::min(name.find_first_of("-. ", begin), name.size());
    const std::string word = name.substr(begin, end - begin);
    if (bits_of_dtype(word)) {
      best = std::string(file_name.substr(begin, end - begin));
    }
    begin = end + 1;
  }
  return best;
}

ParameterCount estimate_parameters(std::uint64_t bytes, std::string_view dtype, const CountOptions& options,
                                   std::string_view from) {
  const std::string start = "Estimated from " + std::string(from) + " (" + std::to_string(bytes) + " bytes)";
  const auto count = [bytes](double bits) {
    return static_cast<std::uint64_t>(static_cast<double>(bytes) * 8.0 / bits);
  };
  if (options.quantized) {
    if (!options.packed_bits || *options.packed_bits < 1 || *options.packed_bits > 16) {
      return unknown("The weights are quantised and no configuration says to how many bits; " +
                     std::string(from) + " says nothing then.");
    }
    const auto bits = static_cast<double>(*options.packed_bits);
    // Scales take some of the bytes, and parts that are not quantised (embeddings) take 16 bits a weight.
    ParameterCount out{CountKind::estimated, count(bits * 1.15), count(16), count(bits), ""};
    out.reason = start + " at " + std::to_string(*options.packed_bits) +
                 " bits a weight; parts that are not quantised make it less.";
    return out;
  }
  const auto bits = bits_of_dtype(dtype);
  if (!bits) {
    ParameterCount out =
        unknown("The size is known (" + std::to_string(bytes) +
                " bytes), the bytes of one parameter are not: no configuration names the type.");
    out.low = count(32);
    out.high = count(16);
    return out;
  }
  const std::uint64_t value = count(*bits);
  // 1 % for headers and buffers at whole types, 15 % for mixtures of quantised types.
  const std::uint64_t slack =
      *bits == 16 || *bits == 32 || *bits == 64 || *bits == 8 ? value / 100 : value / 100 * 15;
  return {CountKind::estimated, value, value - slack, saturating_add(value, slack),
          start + " at the type " + std::string(dtype) + "."};
}

ParameterCount add_counts(const std::vector<ParameterCount>& counts, std::string_view what) {
  if (counts.empty()) return unknown("There is nothing to count.");
  if (counts.size() == 1) return counts[0];
  ParameterCount out{CountKind::exact, 0, 0, 0, ""};
  for (const ParameterCount& one : counts) {
    if (one.kind == CountKind::unknown)
      return unknown("One of the " + std::string(what) + " cannot be counted: " + one.reason);
    if (one.kind == CountKind::estimated) {
      out.kind = CountKind::estimated;
      out.reason = one.reason;
    }
    out.value = saturating_add(out.value, one.value);
    out.low = saturating_add(out.low, one.low);
    out.high = saturating_add(out.high, one.high);
  }
  const std::string start = "The sum of " + std::to_string(counts.size()) + " " + std::string(what);
  out.reason = out.kind == CountKind::exact ? start + ", each counted from its header."
                                            : start + ", of which not all are counted: " + out.reason;
  return out;
}

}  // namespace cardwarden
