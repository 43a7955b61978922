// SPDX-License-Identifier: Apache-2.0
#pragma once
// The built-in declarative rules, compiled when the program was built (rules/pack_rules.cpp), so that a
// short-lived command does not compile 2,500 phrases before it reads its first card.

#include "engine/rulebook.h"

namespace cardwarden {

const PackedRules& builtin_packed_rules();

}  // namespace cardwarden
