// SPDX-License-Identifier: Apache-2.0
#pragma once
// Markup that is well formed by construction, for HTML and XML. Names of elements and attributes are string
// literals of the program, checked when it is compiled; everything else goes through the escapes. There is no
// way to hand in text of a card as markup.

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace cardwarden::render {

// A string of the program itself. Only literals convert to it.
class Literal {
 public:
  consteval Literal(const char* s)
      : text_(s) {}  // NOLINT(google-explicit-constructor): the point of the type
  constexpr std::string_view view() const { return text_; }

 private:
  std::string_view text_;
};

struct Attribute {
  Literal name;
  std::string_view value;
};

// & < > " ' become entities. Control characters other than the line feed, hidden characters and invalid UTF-8
// become visible escapes; what remains is what XML 1.0 allows.
std::string escape_markup(std::string_view s);

// Collects markup; take() hands it out, so that a report can be written piece by piece.
class Markup {
 public:
  using Attributes = std::initializer_list<Attribute>;

  Markup& open(Literal tag, Attributes attributes = {});
  Markup& close();                                        // the element opened last
  Markup& leaf(Literal tag, Attributes attributes = {});  // an element without content: <br/>
  Markup& text(std::string_view s);
  Markup& element(Literal tag, std::string_view content, Attributes attributes = {});  // open, text, close
  Markup& literal(Literal s);  // as it is: a doctype, a style sheet, a line end

  std::string take();

 private:
  void start(Literal tag, Attributes attributes);

  std::string out_;
  std::vector<std::string_view> open_;
};

}  // namespace cardwarden::render
