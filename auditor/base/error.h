// SPDX-License-Identifier: Apache-2.0
#pragma once
// What went wrong in the world around the auditor: an unreadable file, an invalid policy, wrong usage.
// A bad card is never an Error; it is a Card with diagnostics. Errors carry data, no colour and no exit code.

#include <memory>
#include <string>
#include <utility>

namespace cardwarden {

enum class ErrorCode {
  usage,      // the command line does not say what to do
  config,     // a configuration file is wrong
  policy,     // a policy file is wrong
  rule,       // a rule folder is wrong
  not_found,  // a file, rule, policy or field that was named does not exist
  io,         // reading or writing failed
  too_large,  // an input is over a named bound
  format,     // an input is not in the format it should be in
};

struct Error {
  ErrorCode code = ErrorCode::io;
  std::string message;  // what was expected, what was found, what to do; one or two sentences
  std::string where;    // "path", "path:line:column", or empty
  std::shared_ptr<const Error> cause;

  Error(ErrorCode c, std::string m, std::string w = {})
      : code(c), message(std::move(m)), where(std::move(w)) {}

  // One line: "where: message", then ": " and the cause's line where there is one.
  std::string text() const {
    std::string out = where.empty() ? message : where + ": " + message;
    if (cause) out += ": " + cause->text();
    return out;
  }
};

}  // namespace cardwarden
