// SPDX-License-Identifier: Apache-2.0
#include "report/spool.h"

#include <array>
#include <ostream>

namespace cardwarden::render {

void Spool::append(std::string_view bytes) {
  memory_ += bytes;
  if (memory_.size() > kMemory) flush();
}

void Spool::flush() {
  if (!file_ && !failed_) file_.reset(std::tmpfile());
  if (!file_ || std::fwrite(memory_.data(), 1, memory_.size(), file_.get()) != memory_.size()) failed_ = true;
  memory_.clear();
}

void Spool::copy_to(std::ostream& out) {
  if (file_) {
    std::array<char, 65536> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): read into before use
    if (std::fflush(file_.get()) != 0 || std::fseek(file_.get(), 0, SEEK_SET) != 0) failed_ = true;
    while (!failed_) {
      const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), file_.get());
      out.write(buffer.data(), static_cast<std::streamsize>(n));
      if (n < buffer.size()) break;
    }
    if (std::ferror(file_.get()) != 0 || std::fseek(file_.get(), 0, SEEK_END) != 0) failed_ = true;
  }
  if (failed_) out.setstate(std::ios::badbit);
  out << memory_;
}

}  // namespace cardwarden::render
