// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a pickle would import and call, read from its opcodes. Nothing is executed and nothing is imported:
// the stack holds names and unknowns only. A pickle that breaks is read up to the break, because Python, too,
// runs what stands before it. Time and memory are linear in the bytes.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cardwarden {

constexpr std::uint64_t kMaxPickleBytes = 256U << 20U;  // of one pickle that is read
constexpr std::size_t kMaxPickleStack = 1'000'000;      // values on the symbolic stack, and in the memo
constexpr std::size_t kMaxPickleGlobals = 10'000;       // different names kept
constexpr std::size_t kMaxPickleName = 512;             // bytes of a module or name kept
constexpr std::size_t kMaxPickles = 16;  // one after another; torch.save's old format writes five

struct PickleGlobal {
  std::string module;          // "torch._utils"; "?" where the pickle computes it
  std::string name;            // "_rebuild_tensor_v2"
  std::uint64_t imported = 0;  // times
  std::uint64_t called = 0;    // times, by REDUCE, OBJ, INST, NEWOBJ and the like
};

struct PickleReading {
  std::vector<PickleGlobal> globals;                                // in the order of their first appearance
  std::vector<std::pair<std::string_view, std::uint64_t>> opcodes;  // name and count, by name
  std::size_t pickles = 0;                                          // that ended with STOP
  std::uint64_t bytes = 0;  // read as pickle; what follows is not (storages of torch's old format)
  bool complete = false;    // the last one ended with STOP
  std::string problem;      // where it broke or which bound was hit, in words; empty when complete
};

PickleReading read_pickle(std::string_view bytes);

// Whether the name is one that ordinary weights import: tensors, storages, arrays and plain containers.
bool is_usual_global(std::string_view module, std::string_view name);

}  // namespace cardwarden
