// SPDX-License-Identifier: Apache-2.0
// A file of weights to the GGUF reader.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/expect.h"
#include "repository/gguf.h"
#include "repository/parameters.h"

using namespace cardwarden;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto header = read_gguf(source_of(bytes));
  if (!header) {
    expect(!header.error().message.empty(), "an error says what is wrong");
    return 0;
  }
  expect(header->version >= 1 && header->version <= 3, "a version that is read is known");
  expect(header->tensors.size() <= kMaxGgufTensors && header->values.size() <= kMaxGgufValues,
         "the bounds hold");
  for (const GgufValue& value : header->values) {
    expect(value.key.size() <= kMaxGgufText && value.text.size() <= kMaxGgufText,
           "texts are cut at their bound");
  }
  for (const GgufTensor& tensor : header->tensors) (void)gguf_type_name(tensor.type);
  expect(count_gguf(*header).kind == CountKind::exact, "a header that is read is counted");
  return 0;
}
