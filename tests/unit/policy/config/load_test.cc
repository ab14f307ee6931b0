#include "policy/config/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

namespace postern {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

constexpr std::array<std::string_view, 2> kCheckIds = {"null-mx",
                                                       "date-missing"};

Result<Config> Parse(std::string_view text) {
  return ParseConfig(text, "/etc/postern/postern.toml", kCheckIds);
}
std::string ErrorOf(std::string_view text) {
  const auto config = Parse(text);
  return config ? "no error" : config.error().message;
}
constexpr std::string_view kFile = "/etc/postern/postern.toml";
std::string At(std::string_view rest) {
  return std::string(kFile) + ":" + std::string(rest);
}

TEST(ParseConfig, EmptyTextGivesTheDefaults) {
  const auto config = Parse("");
  ASSERT_TRUE(config.has_value());
  EXPECT_EQ(config->mode, Mode::kObserve);
  EXPECT_EQ(config->milter.deadline, milliseconds(30'000));
  EXPECT_TRUE(config->limits.empty());
  EXPECT_EQ(config->file, kFile);
  EXPECT_EQ(config->receivers.back().name, "selfhost");
  EXPECT_TRUE(config->shorteners.contains("bit.ly"));
}

TEST(ParseConfig, ReadsEveryOption) {
  const auto config = Parse(R"(
mode = "enforce"
on_unknown = "defer"
hostname = "mail.example.com"
state_directory = "/srv/postern"
[log]
level = "debug"
target = "/var/log/postern.log"
[milter]
socket = "inet:8891@127.0.0.1"
socket_mode = "0600"
max_judging = 8
deadline = "1min"
rcpt_deadline = "500ms"
drain = "10s"
[dns]
servers = ["192.0.2.53", "127.0.0.1@5353"]
[egress.main]
addresses = ["192.0.2.1", "2001:db8::1"]
helo_name = "out.example.com"
senders = ["Example.com"]
receivers = ["google"]
[signing]
enabled = false
self_check_first = 3
self_check_share = 0.5
[signing.domains."example.com"]
subdomains = true
keys = [{selector = "s1", file = "keys/s1.pem"}, {selector = "ed", file = "/k/ed.pem"}]
[sender]
bounce_domain = "bounces.example.com"
[checks.null-mx]
action = "mend"
otherwise = "hold"
[[limits]]
name = "per-login"
key = ["login", "client"]
cost = "recipients"
rates = ["60/min burst 20", "5000/d"]
over = "hold"
[holds]
reinject = "[::1]:10025"
)");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->mode, Mode::kEnforce);
  EXPECT_EQ(config->on_unknown, Action::kDefer);
  EXPECT_EQ(config->hostname, "mail.example.com");
  EXPECT_EQ(config->state_directory, "/srv/postern");
  EXPECT_EQ(config->log_level, "debug");
  EXPECT_EQ(config->log_target, "/var/log/postern.log");
  EXPECT_EQ(config->milter.socket, "inet:8891@127.0.0.1");
  EXPECT_EQ(config->milter.socket_mode, 0600U);
  EXPECT_EQ(config->milter.max_judging, 8);
  EXPECT_EQ(config->milter.deadline, milliseconds(60'000));
  EXPECT_EQ(config->milter.rcpt_deadline, milliseconds(500));
  EXPECT_EQ(config->milter.drain, milliseconds(10'000));
  EXPECT_EQ(config->dns.servers.at(1), "127.0.0.1@5353");
  const EgressRoute& route = config->egress.at(0);
  EXPECT_EQ(route.name, "main");
  EXPECT_EQ(route.addresses.at(1).ToString(), "2001:db8::1");
  EXPECT_EQ(route.helo_name, "out.example.com");
  EXPECT_EQ(route.senders.at(0).text(), "example.com");
  EXPECT_EQ(route.receivers.at(0), "google");
  EXPECT_FALSE(config->signing.enabled);
  EXPECT_EQ(config->signing.self_check_first, 3);
  EXPECT_EQ(config->signing.self_check_share, 0.5);
  const SigningDomain& domain = config->signing.domains.at(0);
  EXPECT_EQ(domain.domain.text(), "example.com");
  EXPECT_TRUE(domain.subdomains);
  EXPECT_EQ(domain.keys.at(0).selector, "s1");
  EXPECT_EQ(domain.keys.at(0).file, "/etc/postern/keys/s1.pem");
  EXPECT_EQ(domain.keys.at(1).file, "/k/ed.pem");
  EXPECT_EQ(config->bounce_domain->text(), "bounces.example.com");
  EXPECT_EQ(config->checks.at("null-mx").action, Action::kMend);
  EXPECT_EQ(config->checks.at("null-mx").otherwise, Action::kHold);
  const LimitRule& limit = config->limits.at(0);
  EXPECT_EQ(limit.name, "per-login");
  EXPECT_EQ(limit.key.at(1), LimitKeyPart::kClient);
  EXPECT_EQ(limit.cost, LimitCost::kRecipients);
  EXPECT_EQ(limit.rates.at(0).burst, 20);
  EXPECT_EQ(limit.rates.at(1).period, seconds(86'400));
  EXPECT_EQ(limit.over, LimitOver::kHold);
  EXPECT_EQ(config->holds.reinject, "[::1]:10025");
}

TEST(ParseConfig, ReportsAllFaultsAtOnceInTheirOrder) {
  EXPECT_EQ(
      ErrorOf("mode = \"enfroce\"\n"
              "[milter]\n"
              "sockt = 1\n"
              "[[limits]]\n"
              "name = \"a\"\n"
              "key = [\"login\"]\n"
              "rates = [\"50 per fortnight\"]\n"),
      At("1:8: mode: not a mode: \"enfroce\"; write \"observe\", \"mend\" or "
         "\"enforce\"\n") +
          At("3:1: milter.sockt: unknown key; did you mean \"socket\"?\n") +
          At("7:10: limits[0].rates: not a rate: \"50 per fortnight\"; write "
             "\"50/h\" or \"60/min burst 20\""));
}

}  // namespace
}  // namespace postern
