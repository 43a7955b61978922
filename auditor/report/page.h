// SPDX-License-Identifier: Apache-2.0
#pragma once
// The frame of a page that needs nothing else: no script, no request, its own style, and a
// content-security-policy that allows that style only.

#include <initializer_list>
#include <string_view>

#include "report/markup.h"

namespace cardwarden::render {

// From the doctype to the open body. Each sheet is a style element, in their order.
void begin_page(Markup& m, std::string_view title, std::initializer_list<Literal> sheets);
// The footer with the disclaimer and the names and values given, and the end of the page.
void end_page(Markup& m, std::initializer_list<std::pair<std::string_view, std::string_view>> facts);

}  // namespace cardwarden::render
