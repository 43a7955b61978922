// SPDX-License-Identifier: Apache-2.0
#include "report/markup.h"

#include <utility>

#include "base/text.h"

namespace cardwarden::render {

std::string escape_markup(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (std::size_t at = 0; at < s.size();) {
    const std::size_t from = at;
    const char32_t c = text::decode(s, at);
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '\n':
        out += '\n';
        break;
      case 0xfffe:
      case 0xffff:
        out += "\uFFFD";
        break;
      default:
        out += text::printable(s.substr(from, at - from));
    }
  }
  return out;
}

void Markup::start(Literal tag, Attributes attributes) {
  out_ += '<';
  out_ += tag.view();
  for (const Attribute& attribute : attributes) {
    out_ += ' ';
    out_ += attribute.name.view();
    out_ += "=\"";
    out_ += escape_markup(attribute.value);
    out_ += '"';
  }
}

Markup& Markup::open(Literal tag, Attributes attributes) {
  start(tag, attributes);
  out_ += '>';
  open_.push_back(tag.view());
  return *this;
}

Markup& Markup::close() {
  out_ += "</";
  out_ += open_.back();
  out_ += '>';
  open_.pop_back();
  return *this;
}

Markup& Markup::leaf(Literal tag, Attributes attributes) {
  start(tag, attributes);
  out_ += "/>";
  return *this;
}

Markup& Markup::text(std::string_view s) {
  out_ += escape_markup(s);
  return *this;
}

Markup& Markup::element(Literal tag, std::string_view content, Attributes attributes) {
  return open(tag, attributes).text(content).close();
}

Markup& Markup::literal(Literal s) {
  out_ += s.view();
  return *this;
}

std::string Markup::take() { return std::exchange(out_, {}); }

}  // namespace cardwarden::render
