// SPDX-License-Identifier: Apache-2.0
#pragma once
// The blocks of a Markdown text as cmark-gfm finds them, without its inlines: words, emphasis and links are
// read from the source by whoever needs them, so that every quote has its place. Leaving the inlines out
// saves a third of cmark-gfm's time, and all of the time it takes on endless brackets.

#include <string_view>

struct cmark_node;
struct cmark_syntax_extension;

namespace cardwarden {

// The tree of one parse and its memory. One at a time on a thread; it stays on its thread.
class MarkdownBlocks {
 public:
  // `tables`: whether tables are read. The text is read during the call only.
  MarkdownBlocks(std::string_view text, bool tables);
  ~MarkdownBlocks();
  MarkdownBlocks(const MarkdownBlocks&) = delete;
  MarkdownBlocks& operator=(const MarkdownBlocks&) = delete;

  cmark_node* root() const { return root_; }

 private:
  cmark_node* root_ = nullptr;
  cmark_syntax_extension* extension_;  // ours; nodes of the tree point to it
};

}  // namespace cardwarden
