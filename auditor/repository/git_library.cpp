// SPDX-License-Identifier: Apache-2.0
#include "repository/git_library.h"

#include <git2.h>

#include <iterator>

namespace cardwarden {
namespace {

class Library {
 public:
  Library() {
    git_libgit2_init();
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    // read() hashes where the caller wants it; a walk over ten thousand trees does not.
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
    // Walks keep what they read themselves.
    git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
    for (const int level : {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_XDG,
                            GIT_CONFIG_LEVEL_PROGRAMDATA}) {
      git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
    }
    // Clones with a filter or a sparse working tree differ from others only in what they lack.
    static const char* extensions[] = {"partialclone", "worktreeconfig", "preciousobjects"};
    git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, std::size(extensions));
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library() { git_libgit2_shutdown(); }
};

}  // namespace

void use_git_library() { static const Library library; }

}  // namespace cardwarden
