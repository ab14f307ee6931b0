#include "policy/config/link_hosts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/config/files.h"
#include "policy/config/load.h"

namespace postern {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// "3: why", a line each.
std::string Shown(const std::vector<WrongLine>& wrong) {
  std::string shown;
  for (const WrongLine& line : wrong)
    shown += std::to_string(line.line) + ": " + line.why + "\n";
  return shown;
}

LinkHosts Hosts(std::string_view text) {
  LinkHosts hosts;
  EXPECT_EQ(Shown(hosts.Read(text)), "");
  return hosts;
}

TEST(LinkHosts, FindsAHostAndWhatIsBelow) {
  const LinkHosts hosts = Hosts("bit.ly shortener\n.page.link shortener\n");
  EXPECT_EQ(hosts.ClassOf("bit.ly"), HostClass::kShortener);
  EXPECT_EQ(hosts.ClassOf("www.bit.ly"), HostClass::kShortener);
  EXPECT_EQ(hosts.ClassOf("a.b.page.link"), HostClass::kShortener);
  for (const char* host :
       {"page.link", "rabbit.ly", "ly", "", "bit.ly.example"})
    EXPECT_EQ(hosts.ClassOf(host), HostClass::kPlain) << host;
}

TEST(LinkHosts, TheNearestParentAndTheLastLineWin) {
  const LinkHosts hosts = Hosts(
      "a.example shortener\nb.a.example tunnel\nc.example tunnel\n"
      "+c.example shortener # now\n-d.example\n.e.example tunnel\n-.e.example");
  EXPECT_EQ(hosts.ClassOf("x.b.a.example"), HostClass::kTunnel);
  EXPECT_EQ(hosts.ClassOf("c.example"), HostClass::kShortener);
  EXPECT_EQ(hosts.ClassOf("x.e.example"), HostClass::kPlain);
}

TEST(LinkHosts, SaysWhatIsWrongWithALine) {
  LinkHosts hosts;
  const std::string said =
      Shown(hosts.Read("a.example\n\nb_/c shortener\nd.example spam"));
  EXPECT_THAT(said, HasSubstr("1: \"a.example\" needs a class: shortener"));
  EXPECT_THAT(said, HasSubstr("3: not a host: \"b_/c\""));
  EXPECT_THAT(said, HasSubstr("4: \"d.example\" needs a class"));
}

TEST(LinkHosts, ReadsHowShortenersAnswer) {
  LinkHosts hosts = Hosts("a.rt shortener get abuse:410\nb.rt shortener\n");
  hosts.ReplaceShorteners({"a.rt", "c.rt"});
  EXPECT_THAT(hosts.Find("a.rt")->notes, ElementsAre("get", "abuse:410"));
  EXPECT_EQ(hosts.ClassOf("b.rt"), HostClass::kPlain);
  EXPECT_EQ(hosts.ClassOf("c.rt"), HostClass::kShortener);
  EXPECT_THAT(Shown(hosts.Read("d.rt shortener abuse")),
              HasSubstr("1: a shortener's notes are"));
}

TEST(BuiltInLinkHosts, IsWithoutFaultsAndHasEveryClass) {
  for (const BuiltInFile& file : BuiltInFiles()) {
    LinkHosts hosts;
    BrandHosts brands;
    std::vector<WrongLine> faults;
    if (file.path == "lists/link-hosts.txt") faults = hosts.Read(file.text);
    if (file.path == "lists/brand-hosts.txt") faults = brands.Read(file.text);
    EXPECT_EQ(Shown(faults), "");
  }
  const LinkHosts hosts = BuiltInLinkHosts();
  EXPECT_GE(hosts.size(), 1'200U);
  for (const auto& [host, expected] :
       {std::pair{"bit.ly", HostClass::kShortener},
        {"lnkd.in", HostClass::kBrandShortener},
        {"u1.ct.sendgrid.net", HostClass::kClickTracker},
        {"www.google.de", HostClass::kRedirector},
        {"eur01.safelinks.protection.outlook.com",
         HostClass::kSecurityRewriter},
        {"me.duckdns.org", HostClass::kDynamicDns},
        {"me.pages.dev", HostClass::kFreeHosting},
        {"a1.ngrok-free.app", HostClass::kTunnel}})
    EXPECT_EQ(hosts.ClassOf(host), expected) << host;
}

TEST(ParseConfig, WantsTheNamedListOfLinkHosts) {
  const auto config =
      ParseConfig("[lists]\nlink_hosts = \"/no/such/file\"", "t.toml", {});
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().message,
              HasSubstr("/no/such/file: cannot be read"));
}

TEST(BrandHosts, SaysWhatIsWrongWithALine) {
  BrandHosts brands;
  EXPECT_THAT(Shown(brands.Read("paypal\nx -- y.example")),
              HasSubstr("1: \"paypal\" names no domain of the brand"));
}

}  // namespace
}  // namespace postern
