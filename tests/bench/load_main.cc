// load --socket S --pid P [--kind K] [--messages N] [--connections N] …
//
// Plays mail through a running filter and prints one JSON object: what it cost
// the filter and how long it took. Exit status 0 when every message got an
// answer, 1 when not, 2 when the arguments make no sense.
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <ctime>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/bench/corpus.h"
#include "tests/bench/load.h"
#include "tests/bench/usage.h"

namespace postern {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

struct Arguments {
  LoadPlan plan;
  pid_t pid = 0;
  std::string kind = "transactional";
  std::uint64_t seed = 1;
  std::size_t corpus_size = 64;
  std::size_t warm_up = 0;
  bool new_connections = false;
  bool watches_memory = false;
};

void Declare(CLI::App& app, Arguments& arguments) {
  app.add_option("--socket", arguments.plan.socket, "unix:PATH or inet:PORT@IP")
      ->required();
  app.add_option("--pid", arguments.pid, "the filter's process")->required();
  app.add_option(
      "--kind", arguments.kind,
      "transactional, reply, newsletter, attachment, eight-bit or mix");
  app.add_option("--messages", arguments.plan.messages);
  app.add_option("--connections", arguments.plan.connections);
  app.add_option("--seed", arguments.seed);
  app.add_option("--corpus-size", arguments.corpus_size,
                 "different messages, sent in turn");
  app.add_option("--warm-up", arguments.warm_up, "messages before the account");
  app.add_flag("--new-connections", arguments.new_connections,
               "a milter session for every message");
  app.add_flag("--memory", arguments.watches_memory,
               "watch the proportional set (costs the filter a little)");
}

nlohmann::json Report(const LoadOutcome& outcome, Milliseconds cpu) {
  const auto count = static_cast<double>(outcome.latencies.size());
  const auto milliseconds = [&](double share) {
    return Milliseconds(outcome.Percentile(share)).count();
  };
  const double seconds = Milliseconds(outcome.elapsed).count() / 1000;
  return {{"messages", outcome.latencies.size()},
          {"cpu_ms", count == 0 ? 0 : cpu.count() / count},
          {"per_second", count / seconds},
          {"p50_ms", milliseconds(0.5)},
          {"p99_ms", milliseconds(0.99)},
          {"max_ms", milliseconds(1)},
          {"signed", outcome.signed_count},
          {"answers", outcome.answers},
          {"failure", outcome.failure}};
}

int Run(Arguments arguments) {
  const auto kind = MailKindOfName(arguments.kind);
  if (!kind || arguments.corpus_size == 0 || arguments.plan.connections == 0) {
    std::cerr << "load: no such kind of mail, or none of it\n";
    return 2;
  }
  if (arguments.new_connections) arguments.plan.reuse = Reuse::kNothing;
  const auto corpus = MakeCorpus({.kind = *kind,
                                  .seed = arguments.seed,
                                  .size = arguments.corpus_size,
                                  .date = std::time(nullptr)});
  LoadPlan warm_up = arguments.plan;
  warm_up.messages = arguments.warm_up;
  if (warm_up.messages > 0) static_cast<void>(PlayLoad(warm_up, corpus));

  std::optional<MemoryWatch> watch;
  if (arguments.watches_memory) watch.emplace(arguments.pid);
  const auto before = CpuOf(arguments.pid);
  const LoadOutcome outcome = PlayLoad(arguments.plan, corpus);
  nlohmann::json report = Report(outcome, CpuOf(arguments.pid) - before);
  report["peak_rss_kib"] = PeakResidentKib(arguments.pid);
  if (watch) report["peak_pss_kib"] = watch->peak_kib();
  std::cout << report.dump() << "\n";
  const bool is_whole = outcome.failure.empty() &&
                        outcome.latencies.size() == arguments.plan.messages;
  return is_whole ? 0 : 1;
}

}  // namespace
}  // namespace postern

int main(int argc, char** argv) {
  CLI::App app("Plays mail through a milter and measures it.", "load");
  postern::Arguments arguments;
  postern::Declare(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return postern::Run(arguments);
}
