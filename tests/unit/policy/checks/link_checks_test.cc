#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/checks/catalogue.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

using ::testing::HasSubstr;

// What the check says of a message with this link; "": it passes.
std::string Said(const Check& check, const std::string& url,
                 const std::string& text = "",
                 LinkOrigin origin = LinkOrigin::kHref) {
  FactsBuilder builder;
  builder.Linked(url, text, origin);
  const std::vector<Verdict> verdicts = check.run(builder.BuildLinked());
  return verdicts.empty() ? "" : verdicts.front().detail;
}

TEST(UrlShortener, FailsForTheListAndWhatIsBelow) {
  for (const char* host : {"sho.rt", "www.sho.rt", "x.page.link"})
    EXPECT_EQ(Said(kUrlShortener, "https://" + std::string(host) + "/x"),
              "shortened link: " + std::string(host));
  for (const char* host : {"nosho.rt", "sho.rt.example", "rt", "", "t.co"})
    EXPECT_EQ(Said(kUrlShortener, "https://" + std::string(host) + "/x"), "");
}

TEST(UrlShortener, PassesForImagesAndComments) {
  for (const LinkOrigin origin : {LinkOrigin::kSource, LinkOrigin::kComment})
    EXPECT_EQ(Said(kUrlShortener, "https://sho.rt/x", "", origin), "");
}

TEST(HostChecks, JudgeWhatStylesName) {
  const auto of_style = [](const Check& check, const std::string& url) {
    return Said(check, url, "", LinkOrigin::kCss);
  };
  EXPECT_EQ(of_style(kUrlShortener, "https://sho.rt/x"),
            "shortened link: sho.rt");
  EXPECT_NE(of_style(kUrlNumericHost, "http://192.0.2.1/a.png"), "");
  EXPECT_NE(of_style(kUrlDynamicHost, "https://me.home.example/"), "");
  EXPECT_NE(of_style(kUrlFreeHosting, "https://me.pages.example/"), "");
  EXPECT_NE(of_style(kUrlNamesBrand, "https://paypal-login.example/"), "");
  EXPECT_NE(of_style(kLinkOnBadList, "https://bad.example/"), "");
  EXPECT_EQ(of_style(kUrlNumericHost, "https://fonts.example/"), "");
}

TEST(UrlShortenerChained, FailsForARedirectorToAShortener) {
  EXPECT_EQ(Said(kUrlShortenerChained,
                 "https://www.google.com/url?q=https%3A%2F%2Fsho.rt%2Fx"),
            "www.google.com leads to sho.rt");
  EXPECT_EQ(Said(kUrlShortenerChained,
                 "https://www.google.com/url?q=https://a.example/"),
            "");
  EXPECT_EQ(Said(kUrlShortenerChained,
                 "https://safelinks.example/?url=https://sho.rt/x"),
            "");
}

TEST(UrlNumericHost, FailsOnAddresses) {
  EXPECT_EQ(Said(kUrlNumericHost, "http://0xc0.0.2.1/x"), "link to 192.0.2.1");
  EXPECT_EQ(Said(kUrlNumericHost, "http://[2001:db8::1]/"),
            "link to 2001:db8::1");
  EXPECT_EQ(Said(kUrlNumericHost, "http://a.example/"), "");
  EXPECT_EQ(
      Said(kUrlNumericHost, "http://192.0.2.1/", "", LinkOrigin::kComment), "");
}

TEST(UrlMixedScripts, FailsForCyrillicAmongLatin) {
  // "pаypal" with a Cyrillic a
  EXPECT_NE(Said(kUrlMixedScripts, "https://p\xd0\xb0ypal.example/"), "");
  EXPECT_EQ(Said(kUrlMixedScripts,
                 "https://b\xc3\xbc"
                 "cher.example/"),
            "");
  EXPECT_EQ(Said(kUrlMixedScripts, "https://xn--80ak6aa92e.com/"), "");
  EXPECT_EQ(Said(kUrlMixedScripts, "https://plain.example/"), "");
}

TEST(UrlLookalikeHost, FailsForNamesThatLookLikeABrand) {
  // The Cyrillic "apple" with a palochka, whole in one script.
  EXPECT_EQ(Said(kUrlLookalikeHost, "https://xn--80ak6aa92e.com/"),
            "xn--80ak6aa92e.com looks like apple.com");
  EXPECT_EQ(Said(kUrlLookalikeHost, "https://www.paypa1.net/"),
            "www.paypa1.net looks like paypal.com");
  for (const char* url : {"https://paypal.com/", "https://www.paypal.fr/",
                          "https://apple.com/", "https://pineapple.example/"})
    EXPECT_EQ(Said(kUrlLookalikeHost, url), "") << url;
}

TEST(UrlLookalikeHost, FailsForNamesThatLookLikeTheAuthorsOwn) {
  FactsBuilder builder;
  builder.facts().author_domain = Domain::Parse("mail.modern.example");
  builder.Linked("https://www.rnodern.example/");
  EXPECT_EQ(kUrlLookalikeHost.run(builder.BuildLinked()).size(), 1U);
  FactsBuilder same;
  same.facts().author_domain = Domain::Parse("modern.example");
  same.Linked("https://www.modern.example/").Linked("https://modern.org/");
  EXPECT_TRUE(kUrlLookalikeHost.run(same.BuildLinked()).empty());
}

TEST(UrlIdnInvalid, FailsForPunycodeThatIsNone) {
  EXPECT_NE(Said(kUrlIdnInvalid, "https://xn--a.example/"), "");
  EXPECT_EQ(Said(kUrlIdnInvalid, "https://xn--bcher-kva.example/"), "");
  EXPECT_EQ(Said(kUrlIdnInvalid, "https://a.example/?//xn--a"), "");
}

TEST(UrlWithUserinfo, FailsForAUserNameBeforeTheHost) {
  EXPECT_EQ(Said(kUrlWithUserinfo, "https://bank.example@evil.example/"),
            "link to evil.example with a user name");
  EXPECT_EQ(Said(kUrlWithUserinfo, "https://a.example/@user"), "");
  EXPECT_EQ(Said(kUrlWithUserinfo, "mailto:user@a.example"), "");
}

TEST(UrlDangerousScheme, FailsForScriptsAndFiles) {
  for (const char* url :
       {"javascript:alert(1)", " JavaScript:alert(1)", "vbscript:x",
        "data:text/html,x", "file://server/x", "blob:https://a.example/1",
        "ms-word:ofe|u|https://a.example/x", "search-ms:query=x"})
    EXPECT_NE(Said(kUrlDangerousScheme, url), "") << url;
  for (const char* url :
       {"https://a.example/", "mailto:a@b.example", "tel:+1", "#x", "",
        "javascript:void(0)", "javascript:;", "cid:x", "data:image/png,x"})
    EXPECT_EQ(Said(kUrlDangerousScheme, url), "") << url;
  EXPECT_EQ(Said(kUrlDangerousScheme, "data:font/woff,x", "", LinkOrigin::kCss),
            "");
}

TEST(UrlOpenRedirect, FailsWhereTheUrlSaysWhereItLeads) {
  EXPECT_EQ(Said(kUrlOpenRedirect,
                 "https://www.google.com/url?sa=t&q=https://a.example/x"),
            "www.google.com leads to a.example");
  for (const char* url :
       {"https://www.google.com/", "https://www.google.com/url?q=words",
        "https://www.google.com/search?q=https://a.example/",
        "https://a.example/url?q=https://b.example/",
        "https://safelinks.example/?url=https://a.example/"})
    EXPECT_EQ(Said(kUrlOpenRedirect, url), "") << url;
}

TEST(UrlDynamicHost, FailsForNamesBelowTheProviders) {
  EXPECT_EQ(Said(kUrlDynamicHost, "https://me.home.example/"),
            "me.home.example (dynamic-dns)");
  EXPECT_EQ(Said(kUrlDynamicHost, "https://home.example/"), "");
  EXPECT_EQ(Said(kUrlDynamicHost, "https://me.pages.example/"), "");
}

TEST(UrlFreeHosting, FailsForOthersPagesAlone) {
  EXPECT_EQ(Said(kUrlFreeHosting, "https://me.pages.example/"),
            "link to me.pages.example");
  FactsBuilder builder;
  builder.facts().author_domain = Domain::Parse("pages.example");
  builder.Linked("https://me.pages.example/");
  EXPECT_TRUE(kUrlFreeHosting.run(builder.BuildLinked()).empty());
}

TEST(LinkHostNxdomain, TellsWhatIsGoneFromWhatIsUnknown) {
  FactsBuilder builder;
  builder.Linked("https://a.example/");
  Facts facts = builder.BuildLinked();
  EXPECT_TRUE(kLinkHostNxdomain.run(facts).empty());
  facts.linking.hosts[0].addresses = DnsStatus::kTempError;
  EXPECT_EQ(kLinkHostNxdomain.run(facts).front().outcome, Outcome::kUnknown);
  facts.linking.hosts[0].addresses = DnsStatus::kNxDomain;
  EXPECT_EQ(kLinkHostNxdomain.run(facts).front().outcome, Outcome::kFail);
}

TEST(LinkDomainListed, TellsListedFromRefused) {
  Facts facts = FactsBuilder().Build();
  EXPECT_TRUE(kLinkDomainListed.run(facts).empty());
  facts.linking.listings = {{.zone = "dbl.example",
                             .subject = "a.example",
                             .status = ListStatus::kAnswers}};
  EXPECT_TRUE(kLinkDomainListed.run(facts).empty());
  facts.linking.listings[0].status = ListStatus::kRefused;
  EXPECT_EQ(kLinkDomainListed.run(facts).front().outcome, Outcome::kUnknown);
  facts.linking.listings[0].listed = "127.0.1.2 spam";
  EXPECT_EQ(kLinkDomainListed.run(facts).front().outcome, Outcome::kFail);
}

TEST(LinkTooMany, CountsLinksAndSitesThatAreFollowed) {
  FactsBuilder many, images, sites;
  for (int i = 0; i < 101; ++i) {
    many.Linked("https://a.example/" + std::to_string(i));
    images.Linked("https://a.example/", "", LinkOrigin::kSource);
  }
  for (int i = 0; i < 21; ++i)
    sites.Linked("https://a" + std::to_string(i) + ".example/");
  EXPECT_EQ(kLinkTooMany.run(many.BuildLinked()).size(), 1U);
  EXPECT_EQ(kLinkTooMany.run(sites.BuildLinked()).size(), 1U);
  EXPECT_TRUE(kLinkTooMany.run(images.BuildLinked()).empty());
}

TEST(UrlOddPort, FailsForAllButThoseOfTheWeb) {
  EXPECT_EQ(Said(kUrlOddPort, "https://a.example:8443/"),
            "a.example port 8443");
  for (const char* url : {"https://a.example:443/", "http://a.example:80/",
                          "https://a.example:80/", "https://a.example/"})
    EXPECT_EQ(Said(kUrlOddPort, url), "") << url;
}

TEST(UrlOddlyWritten, FailsForWhatBrowsersMend) {
  for (const char* url : {"https://%65vil.example/", "https:\\\\evil.example/",
                          "https:///evil.example/", "https:evil.example"})
    EXPECT_NE(Said(kUrlOddlyWritten, url), "") << url;
  for (const char* url : {"https://a.example/%65", "https://a.example/?x=\\y"})
    EXPECT_EQ(Said(kUrlOddlyWritten, url), "") << url;
}

TEST(UrlNamesBrand, FailsForABrandBesideALure) {
  EXPECT_EQ(Said(kUrlNamesBrand, "https://paypal-login.example/"),
            "paypal-login.example is not paypal.com");
  EXPECT_NE(Said(kUrlNamesBrand, "https://www.paypal.com.evil.example/"), "");
  for (const char* url :
       {"https://login.paypal.com/", "https://login.paypal.co.uk/",
        "https://paypal.example.net/", "https://login.example.net/paypal",
        "https://apple-pie.example/"})
    EXPECT_EQ(Said(kUrlNamesBrand, url), "") << url;
}

TEST(LinkOnBadList, FailsForTheHostAndBelow) {
  EXPECT_NE(Said(kLinkOnBadList, "https://x.bad.example/"), "");
  EXPECT_NE(
      Said(kLinkOnBadList, "https://bad.example/", "", LinkOrigin::kSource),
      "");
  EXPECT_EQ(Said(kLinkOnBadList, "https://notbad.example/"), "");
}

TEST(LinkTrackingShared, ConcernsMailingsAlone) {
  FactsBuilder builder;
  builder.Linked("https://x.track.esp.example/");
  EXPECT_TRUE(kLinkTrackingShared.run(builder.BuildLinked()).empty());
  builder.facts().is_bulk = true;
  EXPECT_EQ(kLinkTrackingShared.run(builder.BuildLinked()).size(), 1U);
}

TEST(LinkTextMismatch, HoldsTheTextAgainstTheFinalTarget) {
  EXPECT_THAT(Said(kLinkTextMismatch, "https://evil.example.net/",
                   "https://www.bank.com/"),
              HasSubstr("www.bank.com"));
  EXPECT_EQ(Said(kLinkTextMismatch,
                 "https://safelinks.example/?url=https%3A%2F%2Fwww.bank.com%2F",
                 "www.bank.com"),
            "");
  EXPECT_EQ(Said(kLinkTextMismatch,
                 "https://urldefense.com/v3/__https://www.bank.com/x__;!!a$",
                 "www.bank.com"),
            "");
  EXPECT_NE(Said(kLinkTextMismatch,
                 "https://safelinks.example/?url=https%3A%2F%2Fevil.example%2F",
                 "www.bank.com"),
            "");
}

TEST(LinkTextMismatch, PassesForTheAuthorsOwnSiteBehindATracker) {
  EXPECT_EQ(
      Said(kLinkTextMismatch, "https://click.esp.com/", "www.example.org"), "");
}

TEST(LinkTextMismatch, PassesForDeclaredTrackingDomains) {
  Config config = PlainConfig();
  config.links.tracking_domains = {*Domain::Parse("esp.com")};
  FactsBuilder builder;
  builder.facts().config = &config;
  builder.Linked("https://click.esp.com/", "www.bank.com");
  EXPECT_TRUE(kLinkTextMismatch.run(builder.BuildLinked()).empty());
}

TEST(LinkTextMismatch, PassesForTheSameSiteWordsAndOwnTracking) {
  EXPECT_EQ(Said(kLinkTextMismatch, "https://a.bank.com/", "www.bank.com"), "");
  EXPECT_EQ(Said(kLinkTextMismatch, "https://evil.example.net/", "Click here"),
            "");
  EXPECT_EQ(
      Said(kLinkTextMismatch, "https://click.example.org/", "www.bank.com"),
      "");
}

}  // namespace
}  // namespace postern
