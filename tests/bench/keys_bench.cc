// What very many signing domains cost: the start, the memory, and the look-up;
// times are CPU time.
//
//     keys_bench [DOMAINS]
//
// Tables of OpenDKIM's and our own TOML, the same domains in each. No key is
// read: that comes with its first message.

#include <fmt/format.h>
#include <malloc.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>

#include "policy/config/load.h"
#include "policy/gate.h"
#include "policy/signing/tables.h"
#include "tests/support/scratch_directory.h"

namespace postern {
namespace {

// CPU time of this process: what others do on the machine does not count.
double CpuMilliseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 +
         static_cast<double>(now.tv_nsec) / 1e6;
}

double Megabytes() { return static_cast<double>(mallinfo2().uordblks) / 1e6; }

std::string DomainOfNumber(int number) {
  return fmt::format("customer-{}.example", number);
}

std::string TablesToml(const std::string& folder, int domains,
                       const std::string& form) {
  std::ofstream keys(folder + "/keys"), signing(folder + "/" + form);
  for (int i = 0; i < domains; ++i) {
    const std::string domain = DomainOfNumber(i);
    keys << fmt::format("k{} {}:s2026:/etc/keys/{}.pem\n", i, domain, domain);
    signing << fmt::format("{}{} k{}\n", form == "refile" ? "*@" : "", domain,
                           i);
  }
  return fmt::format(
      "[signing]\nkey_table = \"{}/keys\"\nsigning_table = "
      "\"{}:{}/{}\"\n",
      folder, form, folder, form);
}

std::string OwnToml(int domains) {
  std::string text;
  for (int i = 0; i < domains; ++i) {
    const std::string domain = DomainOfNumber(i);
    text += fmt::format(
        "[signing.domains.\"{}\"]\nkeys = [{{ selector = \"s2026\", file = "
        "\"/etc/keys/{}.pem\" }}]\n",
        domain, domain);
  }
  return text;
}

// One look-up that does not find a file: choosing is what is measured.
double LookUpMicroseconds(const Rulebook& rulebook, int domains) {
  constexpr int kLookUps = 2000;
  std::size_t sink = 0;
  const double begin = CpuMilliseconds();
  for (int i = 0; i < kLookUps; ++i)
    sink += rulebook.keys
                ->KeysFor("user", *Domain::Parse(DomainOfNumber(
                                      static_cast<int>(i * 48271LL % domains))))
                .faults.size();
  return sink == 0 ? -1 : (CpuMilliseconds() - begin) * 1000 / kLookUps;
}

void Measure(std::string_view what, const std::string& toml, int domains) {
  const double before = Megabytes();
  const double begin = CpuMilliseconds();
  Result<Config> config = ParseConfig(toml, "/bench.toml", {});
  if (!config) return (void)fmt::print("{}\n", config.error().message);
  const auto rulebook = MakeRulebook(*std::move(config));
  if (!rulebook) return (void)fmt::print("{}\n", rulebook.error().message);
  const double start = (CpuMilliseconds() - begin);
  const double kept = Megabytes() - before;
  const double look_up = LookUpMicroseconds(**rulebook, domains);
  fmt::print(
      "{:8} {} domains: start {:7.1f} ms, {:6.1f} MB, look-up {:5.1f} us\n",
      what, domains, start, kept, look_up);
}

}  // namespace
}  // namespace postern

int main(int argc, char** argv) {
  const int domains = argc > 1 ? std::max(1, std::atoi(argv[1])) : 100'000;
  spdlog::set_level(spdlog::level::off);  // that there are no key files
  const postern::ScratchDirectory scratch;
  for (const char* form : {"file", "refile"})
    postern::Measure(form, postern::TablesToml(scratch.name(), domains, form),
                     domains);
  postern::Measure("toml", postern::OwnToml(domains), domains);
  return 0;
}
