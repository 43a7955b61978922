// SPDX-License-Identifier: Apache-2.0
#pragma once
// Approved exceptions as they come out of the log: each excuses the findings of one rule about one subject
// until it expires. Whoever hands one in has checked its signature. Time is handed in. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cardwarden {

struct GrantedWaiver {
  std::string record_id;              // 64 digits
  std::string subject;                // the name that records know the subject by
  std::optional<std::string> sha256;  // of the subject's bytes, hexadecimal; without it any bytes are meant
  std::string rule;
  std::string owner;
  std::string approver;
  std::string ticket;
  std::string reason;
  std::uint64_t expires = 0;  // POSIX seconds: the first moment at which it does not hold
};

struct Waivers {
  std::vector<GrantedWaiver> granted;  // in the order of the log
  std::uint64_t now = 0;               // POSIX seconds
};

// A subject as judging meets it.
struct WaivedSubject {
  std::string name;
  std::string sha256;  // hexadecimal; may be empty: then only waivers of any bytes hold
};

bool concerns(const GrantedWaiver& waiver, const WaivedSubject& subject);

struct WaiverAnswer {
  const GrantedWaiver* in_force = nullptr;  // of several the one that holds longest
  const GrantedWaiver* expired = nullptr;   // the one that expired last, when none is in force
};
WaiverAnswer find_waiver(const Waivers& waivers, std::string_view rule, const WaivedSubject& subject);

// The record ids of the waivers in force for any of the subjects, sorted, each once.
std::vector<std::string> waivers_in_force(const Waivers& waivers, const std::vector<WaivedSubject>& subjects);

}  // namespace cardwarden
