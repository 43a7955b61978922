# SPDX-License-Identifier: Apache-2.0
# Every third-party library, found once, as an imported target dep::<name>. Debian 12 packages.
# cmark-gfm, yaml-cpp, fmt, re2 and utf8proc are linked statically where the archive is there: a short-lived
# command starts several milliseconds faster, and the binary needs fewer files beside it.

function(dep_library name header)
  cmake_parse_arguments(ARG "" "" "NAMES;ALSO" ${ARGN})
  find_path(${name}_INCLUDE ${header} REQUIRED)
  set(libraries)
  foreach(library IN LISTS ARG_NAMES)
    find_library(${name}_${library}_LIBRARY NAMES lib${library}.a ${library} REQUIRED)
    list(APPEND libraries ${${name}_${library}_LIBRARY})
  endforeach()
  add_library(dep_${name} INTERFACE)
  target_include_directories(dep_${name} SYSTEM INTERFACE ${${name}_INCLUDE})
  target_link_libraries(dep_${name} INTERFACE ${libraries} ${ARG_ALSO})
  add_library(dep::${name} ALIAS dep_${name})
endfunction()

find_package(Threads REQUIRED)
dep_library(cmark cmark-gfm.h NAMES cmark-gfm-extensions cmark-gfm)
dep_library(yaml yaml-cpp/yaml.h NAMES yaml-cpp)
dep_library(utf8proc utf8proc.h NAMES utf8proc)
dep_library(crypto openssl/evp.h NAMES crypto ALSO Threads::Threads ${CMAKE_DL_LIBS})
dep_library(cli11 CLI/CLI.hpp)
dep_library(json nlohmann/json.hpp)
dep_library(zlib zlib.h NAMES z)

# The header of PKCS#11 alone: the library of a token is loaded by its path.
find_path(pkcs11_INCLUDE p11-kit/pkcs11.h PATH_SUFFIXES p11-kit-1 REQUIRED)
add_library(dep_pkcs11 INTERFACE)
target_include_directories(dep_pkcs11 SYSTEM INTERFACE ${pkcs11_INCLUDE})
target_link_libraries(dep_pkcs11 INTERFACE ${CMAKE_DL_LIBS})
add_library(dep::pkcs11 ALIAS dep_pkcs11)

# libgit2's archive needs its transport libraries spelled out, so the shared library is taken, and only by programs
# that use it: loading it and its companions takes milliseconds.
find_path(git2_INCLUDE git2.h REQUIRED)
find_library(git2_LIBRARY git2 REQUIRED)
add_library(dep_git2 INTERFACE)
target_include_directories(dep_git2 SYSTEM INTERFACE ${git2_INCLUDE})
target_link_libraries(dep_git2 INTERFACE -Wl,--push-state,--as-needed ${git2_LIBRARY} -Wl,--pop-state)
add_library(dep::git2 ALIAS dep_git2)
# libpqxx and what it stands on come as shared libraries: the archive of libpq needs a dozen more.
dep_library(sqlite sqlite3.h NAMES sqlite3 ALSO Threads::Threads m ${CMAKE_DL_LIBS})
find_path(pqxx_INCLUDE pqxx/pqxx REQUIRED)
find_library(pqxx_LIBRARY NAMES libpqxx.so REQUIRED)
find_library(pq_LIBRARY NAMES libpq.so REQUIRED)
add_library(dep_pqxx INTERFACE)
target_include_directories(dep_pqxx SYSTEM INTERFACE ${pqxx_INCLUDE})
target_link_libraries(dep_pqxx INTERFACE ${pqxx_LIBRARY} ${pq_LIBRARY})
add_library(dep::pqxx ALIAS dep_pqxx)
