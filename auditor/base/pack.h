// SPDX-License-Identifier: Apache-2.0
#pragma once
// Flat binary packing of values that the build makes and the same build reads back (the compiled rules inside
// the binary). Not a file format: no versions, no byte order, no hostile input. A read past the end gives
// zeros and sets bad().

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace cardwarden {

class Packer {
 public:
  template <typename T>
  void value(const T& one) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&one), sizeof one);
  }
  template <typename T>
  void list(const std::vector<T>& all) {
    static_assert(std::is_trivially_copyable_v<T>);
    value(static_cast<std::uint64_t>(all.size()));
    if (!all.empty()) bytes_.append(reinterpret_cast<const char*>(all.data()), all.size() * sizeof(T));
  }
  void text(std::string_view s) {
    value(static_cast<std::uint64_t>(s.size()));
    bytes_ += s;
  }
  void texts(const std::vector<std::string>& all) {
    value(static_cast<std::uint64_t>(all.size()));
    for (const std::string& one : all) text(one);
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}

  template <typename T>
  void value(T& one) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (!has(sizeof one)) return;
    std::memcpy(&one, bytes_.data() + at_, sizeof one);
    at_ += sizeof one;
  }
  template <typename T>
  void list(std::vector<T>& all) {
    static_assert(std::is_trivially_copyable_v<T>);
    const std::uint64_t size = count(sizeof(T));
    all.resize(size);
    if (size != 0) std::memcpy(all.data(), bytes_.data() + at_, size * sizeof(T));
    at_ += size * sizeof(T);
  }
  std::string_view text() {
    const std::uint64_t size = count(1);
    const std::string_view out = bytes_.substr(at_, size);
    at_ += size;
    return out;
  }
  void texts(std::vector<std::string>& all) {
    all.resize(count(sizeof(std::uint64_t)));
    for (std::string& one : all) one = text();
  }
  bool bad() const { return bad_; }

 private:
  bool has(std::uint64_t size) {
    bad_ = bad_ || size > bytes_.size() - at_;
    return !bad_;
  }
  std::uint64_t count(std::uint64_t each) {
    std::uint64_t n = 0;
    value(n);
    if (bad_ || n > (bytes_.size() - at_) / each) bad_ = true;
    return bad_ ? 0 : n;
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  bool bad_ = false;
};

}  // namespace cardwarden
