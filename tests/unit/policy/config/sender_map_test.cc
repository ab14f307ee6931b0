#include "policy/config/sender_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "policy/config/load.h"
#include "tests/support/scratch_directory.h"

namespace postern {
namespace {

using testing::HasSubstr;
using testing::Optional;
using testing::SizeIs;

SenderMap MapOf(std::string_view text) {
  SenderMap::Read read = SenderMap::Parse(text, "senders");
  EXPECT_THAT(read.faults, SizeIs(0)) << ToString(read.faults);
  return std::move(read.map);
}

TEST(SenderMap, ReadsLoginsCommentsAndLists) {
  const SenderMap map = MapOf(
      "# who   what\n"
      "\n"
      "alice,Bob\tAlice@Example.ORG, @example.net  # both\r\n"
      "  carol   none\n"
      "alice   .example.com\n");
  EXPECT_THAT(map.OfLogin("ALICE"),
              Optional(std::string_view(
                  "alice@example.org @example.net .example.com")));
  EXPECT_THAT(map.OfLogin("bob"),
              Optional(std::string_view("alice@example.org @example.net")));
  EXPECT_THAT(map.OfLogin("carol"), Optional(std::string_view("")));
  EXPECT_EQ(map.OfLogin("dave"), std::nullopt);
  EXPECT_EQ(map.size(), 3u);
}

TEST(SenderMap, NoLoginIsMistakenForAUserOrTheHost) {
  const SenderMap map = MapOf(
      "uid:1000 a@example.org\n"
      "local b@example.org\n"
      "login:local c@example.org\n");
  EXPECT_THAT(map.OfUid(1000), Optional(std::string_view("a@example.org")));
  EXPECT_EQ(map.OfUid(1001), std::nullopt);
  EXPECT_THAT(map.OfLocal(), Optional(std::string_view("b@example.org")));
  EXPECT_THAT(map.OfLogin("local"),
              Optional(std::string_view("c@example.org")));
  EXPECT_EQ(map.OfLogin("uid:1000"), std::nullopt);
}

TEST(SenderMap, AClientIsFoundByTheSmallestBlock) {
  const SenderMap map = MapOf(
      "net:192.0.2.0/24 none\n"
      "net:192.0.2.77/30 *\n"
      "net:2001:db8::/32 @example.org\n");
  const auto of = [&](std::string_view client) {
    return map.OfClient(*IpAddress::Parse(client));
  };
  EXPECT_THAT(of("192.0.2.1"), Optional(std::string_view("")));
  EXPECT_THAT(of("192.0.2.78"), Optional(std::string_view("*")));
  EXPECT_THAT(of("::ffff:192.0.2.78"), Optional(std::string_view("*")));
  EXPECT_THAT(of("2001:db8:1::1"), Optional(std::string_view("@example.org")));
  EXPECT_EQ(of("192.0.3.1"), std::nullopt);
  EXPECT_EQ(of("2001:db9::1"), std::nullopt);
}

TEST(SenderMap, ABadLineIsAFaultWithItsNumber) {
  const struct {
    const char* line;
    const char* fault;
  } kLines[] = {
      {"alice", "allows nothing"},
      {"alice # nothing", "allows nothing"},
      {"alice example.org", "\"example.org\""},
      {"alice a@b@c", "\"a@b@c\""},
      {"alice \"a\"@example.org", "not an address"},
      {"alice a@exa_mple..org", "not an address"},
      {"uid:x a@example.org", "\"uid:x\""},
      {"uid:99999999999 a@example.org", "not a login"},
      {"net:192.0.2.0/33 a@example.org", "not a login"},
      {"login: a@example.org", "not a login"},
  };
  for (const auto& [line, fault] : kLines) {
    const SenderMap::Read read =
        SenderMap::Parse("# one\n" + std::string(line) + "\n", "senders");
    ASSERT_THAT(read.faults, SizeIs(1)) << line;
    EXPECT_THAT(ToString(read.faults.front()), HasSubstr("senders:2:1: "))
        << line;
    EXPECT_THAT(read.faults.front().text, HasSubstr(fault)) << line;
  }
}

TEST(SenderMap, ManyBadLinesAreNotAllTold) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "alice\n";
  EXPECT_THAT(SenderMap::Parse(text, "senders").faults, SizeIs(20));
  EXPECT_THAT(SenderMap::Parse(std::string(100'000, 'a'), "s").faults,
              SizeIs(1));
}

TEST(Permits, CoversWhatThePatternSays) {
  const struct {
    const char* patterns;
    const char* address;
    bool is_permitted;
  } kRows[] = {
      {"a@example.org", "A@EXAMPLE.org", true},
      {"a@example.org", "b@example.org", false},
      {"a@example.org", "a@sub.example.org", false},
      {"a@example.org", "\"a\"@example.org", true},
      {"a@example.org", "\"a\\\"\"@example.org", false},
      {"a@example.org", "a+tag@example.org", true},
      {"a@example.org", "a+@example.org", true},
      {"a@example.org", "ab+tag@example.org", false},
      {"+b@example.org", "+b@example.org", true},
      {"team-*@example.org", "team-7@example.org", true},
      {"team-*@example.org", "team7@example.org", false},
      {"*-x-*@example.org", "a-x-x-b@example.org", true},
      {"*-x-*@example.org", "a-x@example.org", false},
      {"@example.org", "anyone@example.org", true},
      {"@example.org", "anyone@sub.example.org", false},
      {"@example.org", "anyone@notexample.org", false},
      {".example.org", "anyone@sub.example.org", true},
      {".example.org", "anyone@example.org", false},
      {"@xn--bcher-kva.example", "a@b\u00fccher.example", true},
      {"*", "anyone@[192.0.2.1]", true},
      {"*", "", false},
      {"<>", "", true},
      {"<>", "a@example.org", false},
      {"", "a@example.org", false},
      {"", "", false},
      {"b@example.org @example.net", "x@example.net", true},
  };
  for (const auto& [patterns, address, is_permitted] : kRows)
    EXPECT_EQ(Permits(patterns, address, "+"), is_permitted)
        << patterns << " " << address;
}

TEST(Permits, WithoutASeparatorThereAreNoSubAddresses) {
  EXPECT_FALSE(Permits("a@example.org", "a+tag@example.org", ""));
  EXPECT_TRUE(Permits("a@example.org", "a-tag@example.org", "-"));
}

std::string ErrorOf(const std::string& toml) {
  const Result<Config> config = ParseConfig(toml, "postern.toml", {});
  return config ? "" : config.error().message;
}

TEST(SenderOptions, SayWhatIsWrongAndWhere) {
  EXPECT_THAT(ErrorOf("[senders]\nmap = \"/no/such/file\"\n"),
              HasSubstr("/no/such/file: No such file"));
  EXPECT_THAT(ErrorOf("[senders.rules.\"net:x\"]\nallow = [\"*\"]\n"),
              HasSubstr("postern.toml:1:"));
  EXPECT_THAT(ErrorOf("[senders.rules.alice]\nallow = [\"example.org\"]\n"),
              HasSubstr("postern.toml:2:10: senders.rules.alice.allow"));
  EXPECT_THAT(ErrorOf("[senders]\nseparator = \"++\"\n"),
              HasSubstr("postern.toml:2:13: senders.separator"));
  EXPECT_THAT(ErrorOf("[from]\nmunge_address = \"a@example.org\"\n"
                      "munge_domain = \"example.org\"\n"),
              HasSubstr("munge_address is set too"));
  EXPECT_THAT(ErrorOf("[egress.a]\naddresses = [\"192.0.2.1\"]\n"
                      "alternative = true\n"),
              HasSubstr("every route is an alternative"));
  EXPECT_THAT(ErrorOf("egress_header = \"From\"\n"),
              HasSubstr("postern.toml:1:17: egress_header"));
}

TEST(SenderOptions, TheFileAndTheRulesAddUp) {
  const ScratchDirectory scratch;
  const std::string file = scratch.name() + "/senders";
  std::ofstream(file) << "alice a@example.org\n";
  const Result<Config> config =
      ParseConfig("[senders]\nmap = \"" + file +
                      "\"\n[senders.rules.alice]\nallow = [\"@example.net\"]\n",
                  "postern.toml", {});
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_THAT(config->senders.map->OfLogin("alice"),
              Optional(std::string_view("a@example.org @example.net")));
}

TEST(FirstAddress, IsTheFirstThatNamesOneMailbox) {
  EXPECT_EQ(FirstAddress("* @example.org t-*@example.org a@example.org b@x.y"),
            "a@example.org");
  EXPECT_EQ(FirstAddress("* <> .example.org"), "");
}

}  // namespace
}  // namespace postern
