// SPDX-License-Identifier: Apache-2.0
// A pickle, bare or in an archive, as a file of weights: the bytes are read by every name that can hold one.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/expect.h"
#include "repository/pickle.h"
#include "repository/weight_file.h"

using namespace cardwarden;

namespace {

void check(const PickleReading& reading) {
  expect(reading.complete == reading.problem.empty(), "a pickle is complete or says why not");
  expect(reading.globals.size() <= kMaxPickleGlobals, "the names are bounded");
  for (const PickleGlobal& one : reading.globals) {
    expect(one.module.size() <= kMaxPickleName && one.name.size() <= kMaxPickleName,
           "a name is cut at its bound");
    expect(one.imported > 0, "a name that is listed is imported");
    (void)is_usual_global(one.module, one.name);
  }
  for (const auto& [name, count] : reading.opcodes) expect(!name.empty() && count > 0, "an opcode was seen");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const PickleReading reading = read_pickle(bytes);
  check(reading);
  expect(reading.bytes <= size, "no more is read than there is");
  for (const WeightFormat format : {WeightFormat::torch_pickle, WeightFormat::numpy, WeightFormat::other}) {
    WeightFile file;
    file.format = format;
    file.size = size;
    read_weight_content(source_of(bytes), {}, file);
    if (file.pickle_state == PickleState::not_assessable)
      expect(!file.note.empty(), "what is not assessable says why");
    if (is_pickle_format(file.format))
      expect(file.pickle_state != PickleState::none, "a pickle is read or it is said why not");
  }
  return 0;
}
