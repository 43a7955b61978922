// SPDX-License-Identifier: Apache-2.0
#pragma once
// The files that git-lfs has fetched into a repository's own store (lfs/objects), by pointer. Only parts of
// files are read, when they are asked for. A symbolic link, a device or a file of another size than the
// pointer's is as good as absent. The digest is not checked: that would read all the weights.

#include "repository/repository.h"
#include "repository/weights.h"

namespace cardwarden {

// Keeps a copy of the repository's path, no reference to it.
LfsContent local_lfs_store(const Repository& repository);

}  // namespace cardwarden
