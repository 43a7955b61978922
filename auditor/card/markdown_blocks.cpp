// SPDX-License-Identifier: Apache-2.0
#include "card/markdown_blocks.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <mutex>
#include <vector>

namespace cardwarden {
namespace {

// Memory of one parse: handed out in order, given back at once. cmark-gfm frees its nodes one by one
// otherwise, which takes as long as finding them.
class Arena {
 public:
  void* take(std::size_t size) {
    const std::size_t whole = kHead + (size + kAlign - 1) / kAlign * kAlign;
    if (chunks_.empty() || used_ + whole > chunks_.back().size) open_chunk(whole);
    std::byte* const block = chunks_.back().bytes.get() + used_;
    used_ += whole;
    std::memcpy(block, &size, sizeof size);
    return block + kHead;
  }
  void* grow(void* old, std::size_t size) {
    if (old == nullptr) return take(size);
    std::size_t had = 0;
    std::memcpy(&had, static_cast<std::byte*>(old) - kHead, sizeof had);
    if (size <= had) return old;
    void* const grown = take(size);
    std::memcpy(grown, old, had);
    return grown;
  }
  void clear() {
    if (chunks_.size() > 1) chunks_.resize(1);
    used_ = 0;
  }

 private:
  static constexpr std::size_t kAlign = 16;
  static constexpr std::size_t kHead = kAlign;                  // before each block: its size
  static constexpr std::size_t kChunk = std::size_t{1} << 18U;  // kept from card to card

  struct Chunk {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
  };
  void open_chunk(std::size_t least) {
    const std::size_t last = chunks_.empty() ? kChunk / 2 : chunks_.back().size;
    const std::size_t size = std::max(least, last * 2);
    chunks_.push_back({std::make_unique_for_overwrite<std::byte[]>(size), size});
    used_ = 0;
  }

  std::vector<Chunk> chunks_;
  std::size_t used_ = 0;  // of the last chunk
};

thread_local Arena arena;

cmark_mem functions = {[](std::size_t count, std::size_t size) {
                         return std::memset(arena.take(count * size), 0, count * size);
                       },
                       [](void* old, std::size_t size) { return arena.grow(old, size); }, [](void*) {}};

// An extension of cmark-gfm that opens no block. It learns the root of the tree from the first line that no
// other block begins, and keeps cmark-gfm from reading the inlines of the nodes that are given to it.
cmark_node* learn_root(cmark_syntax_extension* self, int /*indented*/, cmark_parser* /*parser*/,
                       cmark_node* parent, unsigned char* /*input*/, int /*length*/) {
  if (cmark_syntax_extension_get_private(self) != nullptr) return nullptr;
  while (cmark_node_parent(parent) != nullptr) parent = cmark_node_parent(parent);
  cmark_syntax_extension_set_private(self, parent, nullptr);
  return nullptr;
}

int no_inlines(cmark_syntax_extension* /*self*/, cmark_node* /*node*/) { return 0; }

cmark_syntax_extension* make_extension() {
  cmark_syntax_extension* extension = cmark_syntax_extension_new("blocks-only");
  cmark_syntax_extension_set_open_block_func(extension, learn_root);
  cmark_syntax_extension_set_contains_inlines_func(extension, no_inlines);
  return extension;
}

void leave_inlines_out(cmark_node* root, cmark_syntax_extension* extension) {
  for (cmark_node* node = root; node != nullptr;) {
    const cmark_node_type type = cmark_node_get_type(node);
    const bool cell = std::string_view(cmark_node_get_type_string(node)) == "table_cell";
    if (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING || cell)
      cmark_node_set_syntax_extension(node, extension);
    cmark_node* next = cmark_node_first_child(node);
    for (; next == nullptr && node != nullptr; node = next == nullptr ? cmark_node_parent(node) : node)
      next = cmark_node_next(node);
    node = next;
  }
}

}  // namespace

MarkdownBlocks::MarkdownBlocks(std::string_view text, bool tables) : extension_(make_extension()) {
  static std::once_flag registered;
  std::call_once(registered, cmark_gfm_core_extensions_ensure_registered);
  cmark_parser* const parser = cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, &functions);
  for (const char* name : {"table", "tasklist"}) {  // the other extensions only mark up words
    if (!tables && std::string_view(name) == "table") continue;
    cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(name));
  }
  cmark_parser_attach_syntax_extension(parser, extension_);
  cmark_parser_feed(parser, text.data(), text.size());
  if (void* const root = cmark_syntax_extension_get_private(extension_))
    leave_inlines_out(static_cast<cmark_node*>(root), extension_);
  root_ = cmark_parser_finish(parser);
}

MarkdownBlocks::~MarkdownBlocks() {
  arena.clear();
  cmark_syntax_extension_free(cmark_get_default_mem_allocator(), extension_);
}

}  // namespace cardwarden
