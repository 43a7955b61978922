// SPDX-License-Identifier: Apache-2.0
// cardwarden config show: every setting, its value, and where it came from.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/text.h"
#include "cli/command.h"
#include "cli/session.h"

namespace cardwarden::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::string path;
  ConfigFlags flags;
  bool origin = false;
  std::string format = "text";
};

template <typename T>
Json number_or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

// The value as a program wants it: lists and numbers as such, null where nothing is set.
Json json_value(const Config& config, const ConfigRow& row) {
  if (row.key == "rules-dir") return config.rules_dir.value;
  if (row.key == "format") return config.format.value;
  if (row.key == "output") return config.output.value;
  if (row.key == "select") return config.select.value;
  if (row.key == "ignore") return config.ignore.value;
  if (row.key == "exclude") return config.exclude.value;
  if (row.key == "jobs") return config.jobs.value;
  if (row.key == "baseline" && config.baseline.value.empty()) return nullptr;
  if (row.key == "kind" && !config.kind.value) return nullptr;
  if (row.key == "gate.fail-on" && !config.fail_on.value) return nullptr;
  if (row.key == "gate.max-warnings") return number_or_null(config.max_warnings.value);
  if (row.key == "gate.min-disclosure") return number_or_null(config.min_disclosure.value);
  return row.value;
}

void print_json(std::ostream& out, const Config& config, bool origin) {
  Json settings = Json::object();
  for (const ConfigRow& row : config_rows(config)) {
    const Json value = json_value(config, row);
    settings[row.key] = origin ? Json{{"value", value}, {"origin", row.origin}} : value;
  }
  const Json file = config.file.empty() ? Json(nullptr) : Json(config.file);
  const Json all = {{"file", file}, {"settings", std::move(settings)}};
  out << all.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
}

void print_text(std::ostream& out, const Config& config, bool origin) {
  std::vector<ConfigRow> rows = config_rows(config);
  std::size_t key_width = 0;
  std::size_t value_width = 0;
  for (ConfigRow& row : rows) {
    row.key = text::printable(row.key);
    row.value = text::printable(row.value);
    key_width = std::max(key_width, text::display_width(row.key));
    value_width = std::max(value_width, text::display_width(row.value));
  }
  out << (config.file.empty() ? "no configuration file" : text::printable(config.file)) << "\n";
  for (const ConfigRow& row : rows) {
    out << "  " << row.key << std::string(key_width - text::display_width(row.key) + 2, ' ') << row.value;
    if (origin) {
      out << std::string(value_width - text::display_width(row.value) + 2, ' ')
          << text::printable(row.origin);
    }
    out << "\n";
  }
}

int run_show(World& world, const Options& options) {
  auto config = open_config(options.flags, options.path);
  if (!config) return fail(world, config.error());
  if (options.format == "json") {
    print_json(world.out, *config, options.origin);
  } else {
    print_text(world.out, *config, options.origin);
  }
  return kPassed;
}

}  // namespace

void add_config(CLI::App& app, Invocation& invocation) {
  CLI::App* config = app.add_subcommand("config", "Show the configuration that holds");
  config->require_subcommand(1);
  auto options = std::make_shared<Options>();
  CLI::App* show = config->add_subcommand("show", "Every setting with its value");
  show->add_option("path", options->path, "The card or folder it would hold for (default: here)");
  show->add_flag("--origin", options->origin,
                 "Also where each value came from: default, file and line, variable, flag");
  show->add_option("--format", options->format, "text or json")->check(CLI::IsMember({"text", "json"}));
  add_config_flags(*show, options->flags);
  show->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_show(invocation.world, *options); };
  });
}

}  // namespace cardwarden::cli
