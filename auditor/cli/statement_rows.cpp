// SPDX-License-Identifier: Apache-2.0
#include "cli/statement_rows.h"

#include "base/text.h"
#include "base/time.h"
#include "log/checkpoint.h"

namespace cardwarden::cli {
namespace {

constexpr std::size_t kNameChars = 200;
constexpr std::size_t kWordsChars = 400;

void waiver_rows(const ReadWaiver& w, Rows& rows) {
  rows.insert(rows.end(), {{"rule", w.rule},
                           {"owner", w.owner},
                           {"approver", w.approver},
                           {"ticket", w.ticket},
                           {"expires", time_text(w.expires)},
                           {"reason", text::excerpt(w.reason, kWordsChars)}});
}

void review_rows(const ReadReview& r, Rows& rows) {
  rows.insert(rows.end(), {{"reviewed", "record " + hex(r.record)},
                           {"decision", r.decision},
                           {"reviewer", r.reviewer},
                           {"comment", text::excerpt(r.comment, kWordsChars)}});
}

void rotation_rows(const RotatedKey& r, Rows& rows) {
  const auto key = PublicKey::from_spki(r.spki);
  rows.insert(rows.end(), {{"role", r.role},
                           {"new key", key ? key_id(*key) : "cannot be read"},
                           {"valid from", time_text(r.valid_from)},
                           {"old until", time_text(r.old_valid_to)}});
}

void stamp_rows(const ReadTimeStamp& s, Rows& rows) {
  const auto head = tlog::parse_note(s.checkpoint).and_then([](const tlog::Note& note) {
    return tlog::parse_checkpoint_text(note.text);
  });
  if (!head) {
    rows.emplace_back("checkpoint", "cannot be read");
    return;
  }
  rows.insert(rows.end(),
              {{"log", head->origin}, {"entries", std::to_string(head->size)}, {"root", hex(head->root)}});
}

}  // namespace

Rows statement_rows(const ReadStatement& s) {
  Rows rows = {{"kind", std::string(to_string(s.kind))}};
  if (!s.result.empty()) rows.emplace_back("result", s.result);
  rows.insert(
      rows.end(),
      {{"finished", time_text(s.finished) + " by its own word"}, {"actor", s.actor}, {"key", s.key_id}});
  for (const VerifiedSubject& subject : s.subjects) {
    rows.emplace_back("subject", text::excerpt(subject.name, kNameChars));
    for (const auto& [name, digest] : subject.digest)
      rows.emplace_back("", name + ":" + text::excerpt(digest, kNameChars));
  }
  if (s.findings) rows.emplace_back("findings", "sha256:" + hex(*s.findings));
  if (s.waiver) waiver_rows(*s.waiver, rows);
  if (s.review) review_rows(*s.review, rows);
  if (s.rotation) rotation_rows(*s.rotation, rows);
  if (s.stamp) stamp_rows(*s.stamp, rows);
  return rows;
}

}  // namespace cardwarden::cli
