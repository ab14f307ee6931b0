#include "policy/facts/links.h"

#include <gtest/gtest.h>

#include "policy/base/confusable.h"
#include "policy/facts/scripted_dns.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

// With these options, this DNS and this message.
Facts Gathered(const Config& config, FactsBuilder builder,
               const std::string& zone = "") {
  const auto dns = ScriptedDns::Parse(zone, "zone");
  EXPECT_TRUE(dns);
  const KeyRing keys;
  Facts facts = builder.Build();
  facts.config = &config;
  GatherLinks({config, keys, **dns, facts.received_at, Deadline::max()},
              &facts);
  return facts;
}

TEST(GatherLinks, JudgesTheTargetOfAnOpenRedirector) {
  FactsBuilder builder;
  builder.Linked("https://www.google.com/url?q=http%3A%2F%2F192.0.2.1%2F")
      .Linked("https://www.google.com/url?q=https://bad.example/");
  const Facts facts = Gathered(PlainConfig(), builder);
  EXPECT_NE(facts.linking.Find("bad.example"), nullptr);
  ASSERT_EQ(facts.linking.ends.size(), 2U);
  EXPECT_TRUE(facts.linking.ends[0].is_host_numeric);
}

TEST(GatherLinks, TellsWhereLinksLeadHostByHost) {
  FactsBuilder builder;
  builder.Linked("https://a.example.net/1")
      .Linked("https://a.example.net/2")
      .Linked("https://www.example.org/x.png", "", LinkOrigin::kSource)
      .Linked("mailto:x@y.example");
  const Facts facts = Gathered(PlainConfig(), builder);
  ASSERT_EQ(facts.linking.hosts.size(), 2U);
  EXPECT_EQ(facts.linking.hosts[0].site, "example.net");
  EXPECT_EQ(facts.linking.hosts[0].links, 2U);
  EXPECT_TRUE(facts.linking.hosts[0].is_led_to);
  EXPECT_TRUE(facts.linking.hosts[1].is_own);
  EXPECT_FALSE(facts.linking.hosts[1].is_led_to);
  EXPECT_EQ(facts.linking.sites, 1U);
}

TEST(GatherLinks, TakesTheTargetsOfListUnsubscribe) {
  FactsBuilder builder;
  builder.Field("List-Unsubscribe",
                "<mailto:u@a.example>, <https://u.example.net/x>");
  const Facts facts = Gathered(PlainConfig(), builder);
  ASSERT_EQ(facts.links.size(), 1U);
  EXPECT_EQ(facts.links[0].host, "u.example.net");
  EXPECT_EQ(facts.links[0].origin, LinkOrigin::kListUnsubscribe);
}

TEST(GatherLinks, LooksAtABoundedNumberOfHosts) {
  FactsBuilder builder;
  for (int i = 0; i < 1500; ++i)
    builder.Linked("https://a" + std::to_string(i) + ".example/");
  const Facts facts = Gathered(PlainConfig(), builder);
  EXPECT_EQ(facts.linking.hosts.size(), LinkFacts::kMaxHosts);
  EXPECT_TRUE(facts.linking.is_over_limit);
}

TEST(GatherLinks, AsksNobodyUnlessTheOperatorWants) {
  FactsBuilder builder;
  builder.Linked("https://gone.example.net/");
  Config config = PlainConfig();
  const std::string zone = "gone.example.net NXDOMAIN\n";
  EXPECT_EQ(Gathered(config, builder, zone).linking.hosts[0].addresses,
            DnsStatus::kOk);
  config.links.resolve = true;
  EXPECT_EQ(Gathered(config, builder, zone).linking.hosts[0].addresses,
            DnsStatus::kNxDomain);
}

TEST(GatherLinks, AsksListsOfNamesAboutEachSiteOnce) {
  Config config = PlainConfig();
  config.links.blocklists = true;
  config.blocklists = {{.zone = "dbl.example",
                        .lists_names = true,
                        .listed = {{std::string("\x7f\0\1\2", 4),
                                    std::string("\x7f\0\1\2", 4), "spam"}},
                        .test_entry = "test.example"},
                       {.zone = "ip.example"}};
  FactsBuilder builder;
  builder.Linked("https://a.evil.net/").Linked("https://b.evil.net/");
  const Facts facts = Gathered(config, builder,
                               "test.example.dbl.example A 127.0.1.2\n"
                               "evil.net.dbl.example A 127.0.1.2\n");
  ASSERT_EQ(facts.linking.listings.size(), 2U);
  EXPECT_EQ(facts.linking.listings[0].subject, "example.org");
  EXPECT_EQ(facts.linking.listings[0].listed, "");
  EXPECT_EQ(facts.linking.listings[1].subject, "evil.net");
  EXPECT_EQ(facts.linking.listings[1].listed, "127.0.1.2 spam");
}

TEST(TargetOf, ReadsWhatRedirectorsAndRewritersName) {
  const auto target = [](const std::string& url, std::string note) {
    return TargetOf(url, {HostClass::kRedirector, {std::move(note)}})
        .value_or("none");
  };
  EXPECT_EQ(
      target("https://g.example/url?a=b&q=http%3A%2F%2Fx.example%2F", "/url?q"),
      "http://x.example/");
  EXPECT_EQ(target("https://g.example/url?q=words", "/url?q"), "none");
  EXPECT_EQ(target("https://g.example/other?q=http://x.example", "/url?q"),
            "none");
  EXPECT_EQ(target("https://g.example/amp/s/x.example/y", "/amp/s/"),
            "https://x.example/y");
  EXPECT_EQ(target("https://urldefense.proofpoint.com/v2/url?u="
                   "https-3A__www.x.example_a-2Db&d=DwM",
                   "urldefense-v2"),
            "https://www.x.example/a-b");
  EXPECT_EQ(target("https://urldefense.com/v3/__https:/x.example/a__;!!b$",
                   "urldefense-v3"),
            "https://x.example/a");
  EXPECT_EQ(target("https://urldefense.com/v3/__https", "urldefense-v3"),
            "none");
}

TEST(SkeletonOf, IsTheSameForWhatLooksTheSame) {
  EXPECT_EQ(SkeletonOf("xn--80ak6aa92e"), SkeletonOf("apple"));
  EXPECT_EQ(SkeletonOf("rnicr0soft"), SkeletonOf("microsoft"));
  EXPECT_EQ(SkeletonOf("PAYPA1"), SkeletonOf("paypal"));
  EXPECT_NE(SkeletonOf("apple"), SkeletonOf("apply"));
}

}  // namespace
}  // namespace postern
