// SPDX-License-Identifier: Apache-2.0
#pragma once
// Text put aside until the totals are known. Small amounts stay in memory, more goes to an anonymous
// temporary file that vanishes with the process. Not thread safe.

#include <cstddef>
#include <cstdio>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace cardwarden::render {

class Spool {
 public:
  void append(std::string_view bytes);

  // Writes everything appended so far to `out`. Sets its badbit when the temporary file could not be made,
  // written or read, so that half a report is never taken for a whole one.
  void copy_to(std::ostream& out);

  bool empty() const { return memory_.empty() && !file_; }

 private:
  static constexpr std::size_t kMemory = std::size_t{1} << 20;  // a few cards need no file
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  void flush();

  std::string memory_;
  std::unique_ptr<std::FILE, Close> file_;
  bool failed_ = false;
};

}  // namespace cardwarden::render
