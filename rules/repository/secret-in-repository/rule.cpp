// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include "base/text.h"
#include "engine/secret_files.h"

namespace cardwarden::rules {
namespace {

constexpr std::size_t kMaxFindings = 100;  // a person who has so many does not need the rest one by one

constexpr const char* kRemedy =
    "Revoke the secret at its provider now, then remove it from the file and from the history of the "
    "repository.";

}  // namespace

std::vector<Finding> repository_secret_in_repository(const Subject& subject) {
  const SecretFiles* read = subject.repository->secrets;
  if (read == nullptr) return {};
  std::vector<Finding> findings;
  std::size_t in_file = 0;
  for (std::size_t i = 0; i < read->secrets.size() && i < kMaxFindings; ++i) {
    const FileSecret& one = read->secrets[i];
    in_file = i > 0 && read->secrets[i - 1].path == one.path ? in_file + 1 : 0;
    std::string message = text::excerpt(one.path, 200) + " holds what looks like " + one.named + ".";
    if (i + 1 == kMaxFindings && read->secrets.size() > kMaxFindings) {
      message +=
          " " + std::to_string(read->secrets.size() - kMaxFindings) + " more are not listed (kMaxFindings).";
    }
    findings.push_back(file_finding(Outcome::violated, {one.path, one.line, one.shown}, std::move(message),
                                    kRemedy, one.path + "[" + std::to_string(in_file) + "]"));
  }
  for (const Note& note : read->unread) {
    findings.push_back(note.path.empty() ? card_finding(Outcome::not_assessable, note.message, {}, "unread")
                                         : cannot_tell(note.message, {note.path, 0, "not read"}, "unread"));
  }
  return findings;
}

}  // namespace cardwarden::rules
