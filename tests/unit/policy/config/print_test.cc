#include "policy/config/print.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "policy/base/text.h"
#include "policy/config/load.h"

namespace postern {
namespace {

using testing::ElementsAre;

std::string ReadConf(const std::string& name) {
  std::ifstream file(std::string(POSTERN_SOURCE_DIR) + "/conf/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}
Config Parsed(const std::string& text) {
  auto config = ParseConfig(text, "/etc/postern/postern.toml", {});
  EXPECT_TRUE(config.has_value()) << (config ? "" : config.error().message);
  return config ? *config : Config();
}

constexpr std::string_view kFull = R"(mode = "mend"

[egress."main"]
addresses = ["192.0.2.1"]
helo_name = "a.example.com"

[signing.domains."example.com"]

[[signing.domains."example.com".keys]]
selector = "s"
file = "/k.pem"

[checks.x]
action = "off"

[[limits]]
name = "a"
key = ["login"]
rates = ["1/h burst 2"]
)";

TEST(PrintConfig, OfTheDefaultsChangesNothing) {
  EXPECT_EQ(PrintConfig(DefaultConfig(), Extent::kChanged), "\n");
}

TEST(PrintConfig, PrintsOnlyWhatChanged) {
  std::string expected(kFull);
  expected.replace(expected.find("\"main\""), 6, "main");
  EXPECT_EQ(PrintConfig(Parsed(std::string(kFull)), Extent::kChanged),
            expected);
}

TEST(PrintConfig, ReadsBackAsTheSame) {
  const std::string all = PrintConfig(Parsed(std::string(kFull)), Extent::kAll);
  EXPECT_EQ(PrintConfig(Parsed(all), Extent::kAll), all);
}

TEST(PrintDefaults, IsWhatConfHolds) {
  EXPECT_EQ(ReadConf("postern.toml"), PrintDefaults())
      << "run: postern print-config --defaults > conf/postern.toml";
}

TEST(PrintDefaults, LoadsAsTheDefaultsWithLimitsToBeginWith) {
  Config config = Parsed(PrintDefaults());
  EXPECT_EQ(config.mode, Mode::kObserve);
  EXPECT_EQ(config.limits.size(), 6U);
  config.limits.clear();
  EXPECT_EQ(PrintConfig(config, Extent::kChanged), "\n");
}

TEST(PrintDefaults, HasValidExamples) {
  const std::string defaults = PrintDefaults();
  std::string on;
  for (const std::string_view line : Split(defaults, '\n')) {
    const bool is_example = line.size() > 1 && line[0] == '#' && line[1] != ' ';
    on += std::string(is_example ? line.substr(1) : line) + "\n";
  }
  const Config config = Parsed(on);
  EXPECT_EQ(config.egress.size(), 1U);
  EXPECT_EQ(config.signing.domains.size(), 1U);
  EXPECT_EQ(config.checks.size(), 1U);
  EXPECT_EQ(config.limits.size(), 7U);
  EXPECT_TRUE(config.bounce_domain.has_value());
}

TEST(ObserveToml, LoadsAndOnlyObserves) {
  const Config config = Parsed(ReadConf("observe.toml"));
  EXPECT_EQ(config.mode, Mode::kObserve);
  EXPECT_FALSE(config.signing.enabled);
  EXPECT_EQ(config.egress.size(), 1U);
}

TEST(ObserveToml, HasTheLimitsThatPosternTomlShips) {
  Config observe, shipped;
  observe.limits = Parsed(ReadConf("observe.toml")).limits;
  shipped.limits = Parsed(ReadConf("postern.toml")).limits;
  EXPECT_EQ(PrintConfig(observe, Extent::kChanged),
            PrintConfig(shipped, Extent::kChanged));
}

TEST(NeedingRestart, NamesWhatAReloadCannotChange) {
  Config after;
  after.mode = Mode::kEnforce;
  after.milter.socket = "inet:8891@127.0.0.1";
  EXPECT_THAT(NeedingRestart(Config(), after), ElementsAre("milter.socket"));
}

}  // namespace
}  // namespace postern
