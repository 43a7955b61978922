// SPDX-License-Identifier: Apache-2.0
#pragma once
// Result<T>: a value or an Error, spelled like std::expected (C++23), for everything that can fail
// because of the world. Dropping one is a compile error. No thread safety of its own.

#include <cstdlib>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/error.h"

namespace cardwarden {

template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error)
      : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  // Calling value() on an error, or error() on a value, is a bug in the caller and aborts.
  T& value() & { return check_value(); }
  const T& value() const& { return const_cast<Result*>(this)->check_value(); }
  T&& value() && { return std::move(check_value()); }
  T& operator*() & { return check_value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(check_value()); }
  T* operator->() { return &check_value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const {
    const Error* error = std::get_if<1>(&state_);
    if (error == nullptr) std::abort();
    return *error;
  }

  T value_or(T fallback) const& { return has_value() ? value() : std::move(fallback); }

  template <typename F>
  auto and_then(F&& f) && -> std::invoke_result_t<F, T&&> {
    if (!has_value()) return error();
    return std::forward<F>(f)(std::move(check_value()));
  }

  template <typename F>
  auto transform(F&& f) && -> Result<std::invoke_result_t<F, T&&>> {
    if (!has_value()) return error();
    return std::forward<F>(f)(std::move(check_value()));
  }

 private:
  T& check_value() {
    T* value = std::get_if<0>(&state_);
    if (value == nullptr) std::abort();
    return *value;
  }

  std::variant<T, Error> state_;
};

struct Nothing {};
using Done = Result<Nothing>;  // success without a value: return Nothing{};

}  // namespace cardwarden
