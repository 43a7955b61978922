// SPDX-License-Identifier: Apache-2.0
// A file of weights to the safetensors reader and the counting of parameters.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/expect.h"
#include "repository/parameters.h"
#include "repository/safetensors.h"

using namespace cardwarden;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto header = read_safetensors(source_of(bytes));
  if (!header) {
    expect(!header.error().message.empty(), "an error says what is wrong");
    return 0;
  }
  expect(header->header_bytes + header->data_bytes + 8 == size, "header and data make the file");
  std::uint64_t data_bytes = 0;
  for (const SafetensorsTensor& tensor : header->tensors) {
    expect(tensor.begin <= tensor.end && tensor.end <= header->data_bytes,
           "the data of a tensor lies in the file");
    data_bytes += tensor.end - tensor.begin;
  }
  expect(data_bytes == header->data_bytes, "every byte of the data belongs to one tensor");
  for (const std::int64_t bits : {std::int64_t{0}, std::int64_t{3}, std::int64_t{4}, std::int64_t{8}}) {
    CountOptions options;
    options.quantized = bits != 0;
    if (bits != 0) options.packed_bits = bits;
    const ParameterCount count = count_safetensors(*header, options);
    expect(!count.reason.empty(), "a count says how it was made");
    expect(count.kind != CountKind::estimated, "what is counted is no estimate");
  }
  return 0;
}
