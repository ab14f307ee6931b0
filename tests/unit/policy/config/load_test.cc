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
using testing::AllOf;
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
  EXPECT_EQ(config->link_hosts->ClassOf("bit.ly"), HostClass::kShortener);
}

TEST(ParseConfig, ReadsEveryOption) {
  const auto config = Parse(R"(
mode = "enforce"
on_unknown = "defer"
hostname = "mail.example.com"
state_directory = "/srv/postern"
record_header = "X-Seen"
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
  EXPECT_EQ(config->record_header, "X-Seen");
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
             "\"50/h\", \"60/min burst 20\" or \"2GB/d\""));
}

TEST(ParseConfig, NamesTheNearestKnownKey) {
  EXPECT_EQ(ErrorOf("mood = 1"),
            At("1:1: mood: unknown key; did you mean \"mode\"?"));
  EXPECT_EQ(ErrorOf("[milters]\n"),
            At("1:2: milters: unknown key; did you mean \"milter\"?"));
  EXPECT_EQ(ErrorOf("zzzzzzzzzz = 1"), At("1:1: zzzzzzzzzz: unknown key"));
}

TEST(ParseConfig, TakesNoPatternAsAKey) {
  EXPECT_THAT(ErrorOf("\"limits[]\" = 1"), HasSubstr("unknown key"));
  EXPECT_THAT(ErrorOf("[\"egress.<name>\"]\n"), HasSubstr("unknown key"));
  EXPECT_THAT(ErrorOf("[egress.\"<name>\"]\n"), HasSubstr("not a name"));
  EXPECT_THAT(ErrorOf("\"milter.socket\" = 1"), HasSubstr("unknown key"));
  EXPECT_THAT(ErrorOf("\"\" = 1"), HasSubstr("unknown key"));
}

TEST(ParseConfig, WantsTablesWhereTablesAre) {
  EXPECT_EQ(ErrorOf("milter = 3"),
            At("1:1: milter: must be a table: [milter]"));
  EXPECT_EQ(ErrorOf("egress = 3"),
            At("1:1: egress: must be a table: [egress.main]"));
  EXPECT_EQ(ErrorOf("[limits]\n"),
            At("1:2: limits: must be a list of tables: [[limits]]"));
  EXPECT_EQ(ErrorOf("limits = [3]"), At("1:11: limits[0]: must be a table"));
}

TEST(ParseConfig, WantsWhatIsRequired) {
  EXPECT_EQ(ErrorOf("[egress.a]\n"),
            At("1:9: egress.a: addresses is missing; write addresses = "
               "[\"192.0.2.1\", \"2001:db8::1\"]"));
  EXPECT_EQ(ErrorOf("[egress.a]\naddresses = []\n"),
            At("2:13: egress.a.addresses: must not be empty"));
  EXPECT_THAT(ErrorOf("[[limits]]\n"), HasSubstr("name is missing"));
  EXPECT_EQ(ErrorOf("[[limits]]\nname = \"a\"\nkey = [\"login\"]\n"),
            At("1:1: limits[0]: needs rates, or per_message"));
  EXPECT_EQ(ErrorOf("[signing.domains.\"example.com\"]\n"),
            At("1:18: signing.domains.\"example.com\": no key; write keys = "
               "[{selector = \"...\", file = \"...\"}]"));
}

TEST(ParseConfig, KeepsNumbersAndTimesInTheirLimits) {
  EXPECT_EQ(ErrorOf("[milter]\nmax_judging = 0"),
            At("2:15: milter.max_judging: not a number: 0; write a whole "
               "number, from 1 to 100000"));
  EXPECT_THAT(ErrorOf("[milter]\nmax_judging = 9223372036854775807"),
              HasSubstr("from 1 to 100000"));
  EXPECT_THAT(ErrorOf("[milter]\ndeadline = \"1h\""),
              HasSubstr("from 1s to 5min"));
  EXPECT_THAT(ErrorOf("[cache]\ncontent = \"5GiB\""),
              HasSubstr("from 0 to 4GiB"));
  EXPECT_THAT(ErrorOf("[signing]\nself_check_share = 1.5"),
              HasSubstr("not a share"));
  EXPECT_THAT(ErrorOf("[signing]\nself_check_share = nan"),
              HasSubstr("not a share"));
  EXPECT_TRUE(Parse("[signing]\nself_check_share = 1").has_value());
  EXPECT_THAT(ErrorOf("[milter]\nsocket_mode = 0o660"),
              HasSubstr("write \"0660\", in octal"));
}

TEST(ParseConfig, TakesNoNameForASocketOfAScanner) {
  for (const char* good :
       {"", "unix:/run/clamd.ctl", "127.0.0.1:3310", "[::1]:3310"})
    EXPECT_EQ(ErrorOf("[clamd]\nsocket = \"" + std::string(good) + "\""),
              "no error");
  for (const std::string& bad :
       {std::string("inet:3310@127.0.0.1"), std::string("localhost:3310"),
        std::string("127.0.0.1"), "unix:/" + std::string(107, 'a')})
    EXPECT_THAT(ErrorOf("[clamd]\nsocket = \"" + bad + "\""),
                AllOf(HasSubstr(":2:10: clamd.socket: not a socket"),
                      HasSubstr("an address, never a name")));
}

TEST(ParseConfig, WantsTheShorterDeadlineAtRcpt) {
  EXPECT_EQ(ErrorOf("[milter]\ndeadline = \"3s\"\nrcpt_deadline = \"4s\""),
            At("3:1: milter.rcpt_deadline: rcpt_deadline must not be longer "
               "than deadline"));
}

TEST(ParseConfig, KnowsTheChecksAndReceivers) {
  EXPECT_EQ(ErrorOf("[checks.nul-mx]\naction = \"off\""),
            At("1:9: checks.nul-mx: no such check; did you mean "
               "\"null-mx\"?"));
  EXPECT_EQ(ErrorOf("[egress.a]\naddresses = [\"192.0.2.1\"]\n"
                    "receivers = [\"gogle\"]"),
            At("3:1: egress.a.receivers: no such receiver: \"gogle\"; did you "
               "mean \"google\"?"));
}

TEST(ParseConfig, TakesAnyCheckWithoutAList) {
  EXPECT_TRUE(ParseConfig("[checks.what-ever]\naction = \"off\"", "p.toml", {})
                  .has_value());
}

TEST(ParseConfig, RefusesMendAsSecondAction) {
  EXPECT_THAT(ErrorOf("[checks.null-mx]\notherwise = \"mend\""),
              HasSubstr("not a second action"));
}

TEST(ParseConfig, RefusesDuplicates) {
  constexpr std::string_view kLimit =
      "[[limits]]\nname = \"a\"\nkey = [\"login\"]\nrates = [\"1/h\"]\n";
  EXPECT_EQ(ErrorOf(std::string(kLimit) + std::string(kLimit)),
            At("6:1: limits[1].name: \"a\" is the name of another limit too"));
  EXPECT_EQ(ErrorOf("[signing.domains.\"Example.com\"]\nkeys = "
                    "[{selector = \"s\", file = \"a\"}, "
                    "{selector = \"S\", file = \"b\"}]"),
            At("2:40: signing.domains.\"example.com\".keys[1].selector: \"S\" "
               "is the selector of another key too"));
  EXPECT_THAT(ErrorOf("[signing.domains.\"Example.com\"]\n"
                      "[signing.domains.\"example.com\"]"),
              HasSubstr("is configured twice"));
  EXPECT_THAT(ErrorOf("mode = \"mend\"\nmode = \"mend\""), HasSubstr(":2:"));
  EXPECT_THAT(ErrorOf("[[limits]]\nname = \"a\"\nkey = [\"login\", "
                      "\"login\"]\nrates = [\"1/h\"]"),
              HasSubstr("3:1: limits[0].key: names the same part twice"));
}

TEST(ParseConfig, GivesRoutesTheHostnameForHelo) {
  const auto config = Parse(
      "hostname = \"mail.example.com\"\n"
      "[egress.a]\naddresses = [\"192.0.2.1\"]");
  ASSERT_TRUE(config.has_value());
  EXPECT_EQ(config->egress.at(0).helo_name, "mail.example.com");
}

TEST(ParseConfig, TakesDomainsInTheirOwnScript) {
  const auto config = Parse(
      "[signing.domains.\"b\xc3\xbc"
      "cher.example\"]\nkeys = [{selector = \"s\", file = \"k\"}]");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->signing.domains.at(0).domain.text(),
            "xn--bcher-kva.example");
}

TEST(ParseConfig, TakesNoFieldForTheRecordThatOthersActOn) {
  for (const char* name : {"From", "DKIM-Signature", "X-", "X-a b",
                           "X-a:", "X-Postern-Release", "Received"})
    EXPECT_THAT(ErrorOf(std::string("record_header = \"") + name + "\""),
                HasSubstr("not a field name"))
        << name;
  for (const char* name : {"", "x-seen", "Authentication-Results"})
    EXPECT_EQ(ErrorOf(std::string("record_header = \"") + name + "\""),
              "no error")
        << name;
}

TEST(ParseConfig, ReportsFaultsOfNamedFiles) {
  EXPECT_EQ(ErrorOf("[lists]\nshorteners = \"/no/such/file\""),
            "/no/such/file: cannot be read");
  EXPECT_EQ(ErrorOf("[lists]\nshorteners = \"/dev/zero\""),
            "/dev/zero: cannot be read");
  EXPECT_THAT(ErrorOf("[receivers]\ndirectory = \"/no/such/folder\""),
              HasSubstr("/no/such/folder: "));
}

TEST(ParseConfig, WantsAllThatSwitchedSendersAndSealsNeed) {
  EXPECT_THAT(ErrorOf("[sender]\nrewrite = \"srs\""),
              AllOf(HasSubstr("2:1: sender.rewrite: \"srs\" needs "
                              "sender.bounce_domain"),
                    HasSubstr("needs sender.srs_secret_file; `postern bounce "
                              "--new-secret FILE` makes one")));
  EXPECT_THAT(ErrorOf("[sender]\nrewrite = \"batv\""),
              HasSubstr("\"verp\", \"srs\" or \"off\""));
  EXPECT_THAT(ErrorOf("[sender]\nsrs_secret_file = \"/no/such/file\""),
              HasSubstr("2:1: sender.srs_secret_file: /no/such/file: No such "
                        "file or directory; `postern bounce"));
  EXPECT_THAT(
      ErrorOf("[arc]\nenabled = true"),
      AllOf(HasSubstr("2:1: arc.enabled: needs arc.domain"),
            HasSubstr("needs arc.key_file"), HasSubstr("needs arc.selector")));
  EXPECT_THAT(ErrorOf("[arc]\ntrusted_authserv_ids = [\"a;b\"]"),
              HasSubstr("2:25: arc.trusted_authserv_ids"));
}

TEST(LoadConfig, SaysWhyAFileCannotBeRead) {
  EXPECT_EQ(LoadConfig("/no/such/file", {}).error().message,
            "/no/such/file: No such file or directory");
  EXPECT_EQ(LoadConfig("/dev/null", {}).error().message,
            "/dev/null: not a regular file");
}

TEST(LoadConfig, ReadsTheFileOfConf) {
  const auto config = LoadConfig(
      std::string(POSTERN_SOURCE_DIR) + "/conf/postern.toml", kCheckIds);
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->mode, Mode::kObserve);
}

TEST(DefaultConfig, HasReceiversAndLists) {
  const Config config = DefaultConfig();
  EXPECT_EQ(config.receivers.size(), 22U);
  EXPECT_GE(config.link_hosts->size(), 1'200U);
  EXPECT_FALSE(config.blocklists.empty());
  EXPECT_TRUE(config.mail_domains.contains("gmail.com"));
  EXPECT_TRUE(config.mail_domain_typos.contains("gmial.com"));
  EXPECT_TRUE(config.dead_domains.contains("voila.fr"));
}

TEST(LoadConfig, WantsASigningSetUpThatAgrees) {
  EXPECT_THAT(ErrorOf("[signing]\nkey_table = \"/k\""),
              HasSubstr("signing.key_table: needs signing.signing_table"));
  EXPECT_THAT(ErrorOf("[signing]\nsigning_table = \"/k\""),
              HasSubstr("signing.signing_table: needs signing.key_table"));
  EXPECT_THAT(ErrorOf("[signing]\nfallback_domain = \"a.example\""),
              HasSubstr("signing.fallback_domain: has no keys"));
  EXPECT_THAT(ErrorOf("[signing]\nunsigned = \"hold\"\n"
                      "[checks.dkim-unsigned]\naction = \"off\""),
              HasSubstr("must not be \"off\""));
}

TEST(LoadConfig, RefusesWhatOpendkimReadsElsewhere) {
  for (const char* set : {"db:/k.db", "dsn:mysql://h/d", "ldap://h/x",
                          "lua:/k.lua", "csl:a=b", "file:"})
    EXPECT_THAT(ErrorOf("[signing]\nkey_table = \"" + std::string(set) + "\""),
                HasSubstr("not a table of OpenDKIM's that can be read"))
        << set;
}

TEST(LoadConfig, SignsNoFieldThatChangesOnTheWay) {
  for (const char* name : {"Bcc", "received", "DKIM-Signature", "ARC-Seal",
                           "X-Postern-Release", "a:b", "a b", ""})
    EXPECT_THAT(ErrorOf("[signing]\nheaders = [\"" + std::string(name) + "\"]"),
                HasSubstr("not a field to sign"))
        << name;
}

}  // namespace
}  // namespace postern
