// SPDX-License-Identifier: Apache-2.0
#pragma once
// The drawn part of a history's page: rows are disclosures, columns are revisions.

#include "report/markup.h"
#include "report/timeline_report.h"

namespace cardwarden::render {

void write_timeline_grid(Markup& m, const TimelineReport& report);

}  // namespace cardwarden::render
