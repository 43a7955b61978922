// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>

namespace cardwarden::rules {
namespace {

constexpr std::size_t kMaxQuotes = 10;  // files quoted of one signature
constexpr const char* kRemedy = "Sign again what is published now, or restore the files that were signed.";

std::string digest_text(const std::string& digest) { return digest.substr(0, 16) + "…"; }

std::string in_words(const SignedFile& file) {
  switch (file.state) {
    case SignedFileState::differs:
      return "signed with SHA-256 " + digest_text(file.expected) + ", now " + digest_text(file.found);
    case SignedFileState::missing:
      return "signed, and not in the commit";
    case SignedFileState::unlisted:
      return "in the commit, and not signed";
    case SignedFileState::not_assessable:
      break;
  }
  return "cannot be compared";
}

void add_commit(const RepositoryFacts& facts, std::vector<Finding>& findings) {
  const SignatureVerdict verdict = facts.commit_signature.verdict;
  if (verdict != SignatureVerdict::bad && verdict != SignatureVerdict::malformed) return;
  findings.push_back(card_finding(
      Outcome::violated, "The signature of the commit does not hold. " + facts.commit_signature.reason,
      "Find out who made the commit, and sign it again.", "commit-signature"));
}

}  // namespace

std::vector<Finding> repository_signature_stale(const Subject& subject) {
  std::vector<Finding> findings;
  add_commit(*subject.repository, findings);
  for (const ModelSignature& signature : subject.repository->model_signatures) {
    const bool wrong = signature.grade == ModelSignatureGrade::unparsable ||
                       signature.grade == ModelSignatureGrade::mismatch ||
                       signature.grade == ModelSignatureGrade::bad_signature;
    if (!wrong) {
      if (signature.not_assessable > 0)
        findings.push_back(cannot_tell("A part of the signed files cannot be compared here.",
                                       {signature.path, 0, signature.reason}, signature.path));
      continue;
    }
    Finding finding =
        file_finding(Outcome::contradicted, {signature.path, 0, signature.reason},
                     signature.path + " does not fit the files of the commit.", kRemedy, signature.path);
    for (const SignedFile& file : signature.files) {
      if (file.state == SignedFileState::not_assessable || finding.files.size() > kMaxQuotes) continue;
      finding.files.push_back({file.path, 0, in_words(file)});
    }
    // Nothing to set against it: the file itself is what is wrong.
    if (finding.files.size() < 2) finding.outcome = Outcome::violated;
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace cardwarden::rules
