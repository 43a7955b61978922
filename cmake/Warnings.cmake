# SPDX-License-Identifier: Apache-2.0
# Compiler flags of our own code, as the interface target cardwarden_flags. Two warnings are off: missing field
# initializers (designated initializers leave the defaults on purpose) and restrict (GCC 12 reports it inside
# std::string concatenation, GCC bug 105651).
add_library(cardwarden_flags INTERFACE)
target_compile_options(cardwarden_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wno-missing-field-initializers -Wno-restrict -Wconversion -Wshadow -Wnon-virtual-dtor -Werror=unused-result)
if(CARDWARDEN_WERROR)
  target_compile_options(cardwarden_flags INTERFACE -Werror)
endif()
if(CARDWARDEN_SANITIZE)
  target_compile_options(cardwarden_flags INTERFACE -fsanitize=${CARDWARDEN_SANITIZE} -fno-omit-frame-pointer -g)
  target_link_options(cardwarden_flags INTERFACE -fsanitize=${CARDWARDEN_SANITIZE})
endif()
