// SPDX-License-Identifier: Apache-2.0
#include "cli/open_store.h"

#include <filesystem>
#include <utility>

#include "base/text.h"
#include "cli/state.h"
#include "log/checkpoint.h"
#include "store/postgres_store.h"
#include "store/sqlite_store.h"

namespace cardwarden::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSqlite = "sqlite:";

bool begins(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }

bool is_postgres(std::string_view address) {
  return begins(address, "postgresql://") || begins(address, "postgres://");
}

// What stands between "://" and the first slash or question mark.
std::string_view authority(std::string_view address) {
  address.remove_prefix(address.find("://") + 3);
  return address.substr(0, address.find_first_of("/?"));
}

bool has_password(std::string_view address) {
  const std::string_view who = authority(address);
  const std::size_t at = who.rfind('@');
  return (at != std::string_view::npos && who.substr(0, at).find(':') != std::string_view::npos) ||
         text::lower_ascii(address).find("password=") != std::string::npos;
}

std::string shown(std::string_view address) {
  if (!is_postgres(address)) return std::string(address);
  const std::string_view who = authority(address);
  std::string_view rest = address.substr(address.find("://") + 3 + who.size());
  const std::size_t at = who.rfind('@');
  return "postgresql://" + std::string(at == std::string_view::npos ? who : who.substr(at + 1)) +
         std::string(rest.substr(0, rest.find('?')));
}

Result<std::string> address_of(const StoreFlags& flags) {
  if (!flags.store.empty()) {
    if (is_postgres(flags.store) && has_password(flags.store)) {
      return Error(
          ErrorCode::usage,
          "A password does not belong on the command line, where others can read it; put the address "
          "into CARDWARDEN_STORE or the password into ~/.pgpass.",
          "--store");
    }
    return flags.store;
  }
  if (std::string named = environment("CARDWARDEN_STORE"); !named.empty()) return named;
  const auto state = state_folder(flags.state);
  if (!state) return state.error();
  return std::string(kSqlite) + *state + "/log.db";
}

}  // namespace

void add_state_flag(CLI::App& command, std::string& state) {
  command.add_option("--state", state,
                     "Folder of keys and of the default store (default: CARDWARDEN_STATE, else "
                     "~/.local/state/cardwarden)");
}

void add_store_flags(CLI::App& command, StoreFlags& flags) {
  command.add_option(
      "--store", flags.store,
      "sqlite:PATH or postgresql://… (default: CARDWARDEN_STORE, else log.db in the state folder)");
  add_state_flag(command, flags.state);
}

bool names_store(const StoreFlags& flags) {
  return !flags.store.empty() || !environment("CARDWARDEN_STORE").empty();
}

Result<OpenedStore> open_store(const StoreFlags& flags, Missing missing) {
  const auto address = address_of(flags);
  if (!address) return address.error();
  OpenedStore out;
  out.address = shown(*address);
  if (is_postgres(*address)) {
    auto store = open_postgres_store(*address, {}, missing == Missing::create);
    if (!store) return store.error();
    out.store = *std::move(store);
    return out;
  }
  if (!begins(*address, kSqlite) || address->size() == kSqlite.size()) {
    return Error(ErrorCode::usage, "A store is sqlite:PATH or postgresql://HOST/DATABASE.", "--store");
  }
  const std::string path = address->substr(kSqlite.size());
  std::error_code error;
  if (!fs::exists(path, error)) {
    if (missing == Missing::fail)
      return Error(ErrorCode::not_found, "There is no store yet. `cardwarden check --record` makes one.",
                   path);
    const fs::path folder = fs::path(path).parent_path();
    if (auto made = make_private_folder(folder.empty() ? "." : folder.string()); !made) return made.error();
  }
  auto store = open_sqlite_store(path);
  if (!store) return store.error();
  out.store = *std::move(store);
  out.sqlite = true;
  return out;
}

Result<StoredRecord> named_record(Store& store, const std::string& name) {
  if (name.size() >= kMinIdDigits) return record_by_digits(store, name);
  if (const auto index = tlog::parse_decimal(name)) return store.record(*index);
  return Error(ErrorCode::usage,
               "A record is named by its index in the log or by its id, of which the first " +
                   std::to_string(kMinIdDigits) + " digits do, not by `" +
                   text::printable(text::excerpt(name, 80)) + "`.");
}

}  // namespace cardwarden::cli
