// SPDX-License-Identifier: Apache-2.0
// cardwarden store migrate|info|export|import: the place where records are kept. Format:
// docs/formats/store.md.
#include <algorithm>
#include <ostream>

#include "base/text.h"
#include "cli/command.h"
#include "cli/open_store.h"
#include "cli/state.h"
#include "cli/transfer.h"
#include "log/tree.h"

namespace cardwarden::cli {
namespace {

struct Options {
  StoreFlags store;
};

// The schema that this program works with; opening a store brings it there.
std::size_t schema_of(const OpenedStore& store) {
  const std::string_view backend = store.sqlite ? ".sqlite" : ".postgres";
  const auto& names = store_schema_names();
  return static_cast<std::size_t>(std::count_if(names.begin(), names.end(), [&](std::string_view name) {
    return name.find(backend) != std::string_view::npos;
  }));
}

int run_migrate(World& world, const Options& options) {
  const auto store = open_store(options.store, Missing::create);
  if (!store) return fail(world, store.error());
  print_rows(world.out,
             {{"store", store->address}, {"schema", std::to_string(schema_of(*store)) + ", up to date"}});
  return kPassed;
}

Result<std::uint64_t> count_documents(Store& store) {
  constexpr std::uint32_t kPage = 1000;
  std::uint64_t out = 0;
  std::optional<Hash> after;
  for (;;) {
    const auto page = store.documents(after, kPage);
    if (!page) return page.error();
    out += page->size();
    if (page->size() < kPage) return out;
    after = page->back();
  }
}

int run_info(World& world, const Options& options) {
  const auto store = open_store(options.store, Missing::fail);
  if (!store) return fail(world, store.error());
  const auto size = store->store->size();
  if (!size) return fail(world, size.error());
  const auto root = tlog::root_at(*size, node_reader(*store->store));
  if (!root) return fail(world, root.error());
  const auto head = store->store->head();
  if (!head) return fail(world, head.error());
  const auto documents = count_documents(*store->store);
  if (!documents) return fail(world, documents.error());
  const auto keys = store->store->keys();
  if (!keys) return fail(world, keys.error());
  Rows rows = {
      {"store", store->address},
      {"schema", std::to_string(schema_of(*store))},
      {"records", std::to_string(*size)},
      {"root", hex(*root)},
      {"signed", *head ? "up to " + text::plural((*head)->size, "record", "records") : "no checkpoint yet"},
      {"documents", std::to_string(*documents)}};
  for (const StoredKey& key : *keys)
    rows.emplace_back("key", key.role + " " + key.id + " (" + key.name + ")");
  print_rows(world.out, rows);
  return kPassed;
}

void print_transfer(std::ostream& out, const OpenedStore& store, const Transferred& done) {
  print_rows(out, {{"store", store.address},
                   {"records", std::to_string(done.records)},
                   {"checkpoints", std::to_string(done.checkpoints)},
                   {"documents", std::to_string(done.documents)},
                   {"keys", std::to_string(done.keys)},
                   {"root", hex(done.root)}});
}

int run_export(World& world, const Options& options) {
  const auto store = open_store(options.store, Missing::fail);
  if (!store) return fail(world, store.error());
  const auto done = export_store(*store->store, world.out);
  if (!done) return fail(world, done.error());
  print_transfer(world.err, *store, *done);
  return kPassed;
}

int run_import(World& world, const Options& options) {
  const auto store = open_store(options.store, Missing::create);
  if (!store) return fail(world, store.error());
  const auto done = import_store(*store->store, world.in);
  if (!done) return fail(world, done.error());
  print_transfer(world.out, *store, *done);
  return kPassed;
}

}  // namespace

void add_store(CLI::App& app, Invocation& invocation) {
  CLI::App* store = app.add_subcommand("store", "Show, bring up to date and carry over the store of records");
  store->require_subcommand(1);
  struct Verb {
    const char* name;
    const char* what;
    int (*run)(World&, const Options&);
  };
  for (const Verb& verb :
       {Verb{"migrate", "Make the store, or bring an older schema up to date", run_migrate},
        Verb{"info", "What the store holds", run_info},
        Verb{"export", "Write the whole store to standard output, to import it elsewhere", run_export},
        Verb{"import", "Take in from standard input what `store export` wrote", run_import}}) {
    auto options = std::make_shared<Options>();
    CLI::App* command = store->add_subcommand(verb.name, verb.what);
    add_store_flags(*command, options->store);
    command->callback([options, run = verb.run, &invocation] {
      invocation.run = [options, run, &invocation] { return run(invocation.world, *options); };
    });
  }
}

}  // namespace cardwarden::cli
