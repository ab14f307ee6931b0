// Short links from the facts to the message that leaves.
#include "policy/facts/short_links.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/checks/catalogue.h"
#include "policy/config/load.h"
#include "policy/decision/record.h"
#include "policy/facts/scripted_dns.h"
#include "policy/gate.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Expansion Target(std::string url) {
  return {.result = Expansion::Result::kTarget, .url = std::move(url)};
}

// Knows what it was told, and what it was asked.
class FakeExpander final : public Expander {
 public:
  explicit FakeExpander(std::map<std::string, Expansion> known)
      : known_(std::move(known)) {}
  [[nodiscard]] Expansion Expand(const std::string& url,
                                 const ExpandBy& /*by*/) override {
    asked_.push_back(url);
    const auto found = known_.find(url);
    return found == known_.end() ? Expansion{.reason = "no answer"}
                                 : found->second;
  }
  [[nodiscard]] const std::vector<std::string>& asked() const { return asked_; }

 private:
  std::map<std::string, Expansion> known_;
  std::vector<std::string> asked_;
};

Config Expanding() {
  Config config = PlainConfig();
  config.links.expand = true;
  return config;
}

Facts Gathered(FactsBuilder builder, FakeExpander* expander,
               const Config& config = Expanding()) {
  static std::vector<std::shared_ptr<const Config>> kept;
  const auto dns = ScriptedDns::Parse("", "zone");
  EXPECT_TRUE(dns);
  const KeyRing keys;
  Facts facts = builder.Build();
  kept.push_back(std::make_shared<const Config>(config));
  facts.config = kept.back().get();
  GatherFrom from{*facts.config, keys, **dns, facts.received_at,
                  Deadline::max()};
  from.expander = expander;
  GatherLinks(from, &facts);
  return facts;
}

std::string Said(const Check& check, const Facts& facts) {
  const std::vector<Verdict> verdicts = check.run(facts);
  if (verdicts.empty()) return "";
  const bool is_unknown = verdicts.front().outcome == Outcome::kUnknown;
  return (is_unknown ? "unknown: " : "") + verdicts.front().detail;
}

TEST(ShortLinks, AreAskedOnceAndOnlyWhereTheReaderFollows) {
  FakeExpander expander({{"https://sho.rt/a", Target("https://x.example/1")}});
  FactsBuilder builder;
  builder.Field("List-Unsubscribe", "<https://sho.rt/u>")
      .Linked("https://sho.rt/a")
      .Linked("https://sho.rt/a", "", LinkOrigin::kText)
      .Linked("https://sho.rt/u")
      .Linked("https://sho.rt/f", "", LinkOrigin::kForm)
      .Linked("https://sho.rt/i", "", LinkOrigin::kSource)
      .Linked("https://t.co/brand")
      .Linked("https://x.example/");
  const Facts facts = Gathered(builder, &expander);
  EXPECT_THAT(expander.asked(), ElementsAre("https://sho.rt/a"));
  EXPECT_THAT(facts.linking.targets, SizeIs(2));
  EXPECT_EQ(ShortLinkRecord(facts), "sho.rt/a=x.example");
}

TEST(ShortLinks, AreNotAskedUnlessTheOperatorWants) {
  FakeExpander expander({});
  FactsBuilder builder;
  builder.Linked("https://sho.rt/a");
  EXPECT_THAT(Gathered(builder, &expander, PlainConfig()).linking.short_links,
              IsEmpty());
  builder.facts().is_mta_bounce = true;
  (void)Gathered(builder, &expander);
  EXPECT_THAT(expander.asked(), IsEmpty());
}

TEST(ShortLinks, AreNotAskedWhereTheyMayBePersonalOrOwn) {
  FakeExpander expander({});
  FactsBuilder builder;
  builder.Recipient("Bob@receiver.example", MailDomain::kHasMx, "selfhost")
      .Linked("https://sho.rt/a?u=1")
      .Linked("https://sho.rt/bob7")
      .Linked("https://sho.rt/own");
  Config config = Expanding();
  (void)Gathered(builder, &expander, config);
  EXPECT_THAT(expander.asked(), ElementsAre("https://sho.rt/own"));
  config.links.tracking_domains = {*Domain::Parse("sho.rt")};
  (void)Gathered(builder, &expander, config);
  EXPECT_THAT(expander.asked(), SizeIs(1));
}

TEST(ShortLinks, AreAskedUpToABound) {
  FakeExpander expander({});
  FactsBuilder builder;
  for (int i = 0; i < 30; ++i)
    builder.Linked("https://sho.rt/" + std::to_string(i));
  const Facts facts = Gathered(builder, &expander);
  EXPECT_THAT(expander.asked(), SizeIs(10));
  EXPECT_EQ(facts.linking.short_links.back().expansion.reason,
            "more than 10 short links");
}

TEST(ShortLinks, LeadTheOtherChecksToTheTarget) {
  FakeExpander expander(
      {{"https://sho.rt/bad", Target("https://bad.example/x")},
       {"https://sho.rt/js", Target("javascript:alert(1)")},
       {"https://sho.rt/pay", Target("https://paypal-login.example/")}});
  FactsBuilder bad;
  bad.Linked("https://sho.rt/bad", "www.bank.com");
  const Facts facts = Gathered(bad, &expander);
  EXPECT_EQ(Said(kLinkOnBadList, facts), "link to bad.example");
  EXPECT_EQ(Said(kLinkTextMismatch, facts),
            "text says www.bank.com, link leads to bad.example");
  FactsBuilder script;
  script.Linked("https://sho.rt/js", "www.bank.com");
  EXPECT_EQ(Said(kUrlDangerousScheme, Gathered(script, &expander)),
            "sho.rt leads to javascript:");
  FactsBuilder brand;
  brand.Linked("https://sho.rt/pay");
  EXPECT_NE(Said(kUrlNamesBrand, Gathered(brand, &expander)), "");
}

TEST(ShortLinks, LeadTheChecksOfUrlsToTheTarget) {
  const std::pair<const Check*, std::string> kBad[] = {
      {&kUrlNumericHost, "http://192.0.2.1/"},
      {&kUrlOddPort, "https://x.example:8443/"},
      {&kUrlWithUserinfo, "https://bank.example@x.example/"},
      {&kUrlOddlyWritten, "https://x%2eexample/"},
      {&kUrlIdnInvalid, "https://xn--a\xff.example/"}};
  for (const auto& [check, url] : kBad) {
    FakeExpander expander({{"https://sho.rt/x", Target(url)}});
    FactsBuilder builder;
    builder.Linked("https://sho.rt/x");
    EXPECT_NE(Said(*check, Gathered(builder, &expander)), "") << check->id;
  }
}

TEST(ShortLinks, AreFollowedThroughOpenRedirectors) {
  FakeExpander expander(
      {{"https://sho.rt/x",
        Target("https://www.google.com/url?q=http%3A%2F%2Fbad.example%2F")}});
  FactsBuilder builder;
  builder.Linked("https://sho.rt/x", "www.bank.com");
  const Facts facts = Gathered(builder, &expander);
  EXPECT_EQ(Said(kLinkOnBadList, facts), "link to bad.example");
  EXPECT_EQ(Said(kUrlOpenRedirect, facts), "sho.rt leads to bad.example");
  EXPECT_EQ(Said(kLinkTextMismatch, facts),
            "text says www.bank.com, link leads to bad.example");
}

TEST(ShortLinks, MayShowThemselvesAsText) {
  FakeExpander expander(
      {{"https://x.page.link/a", Target("https://x.example/")}});
  FactsBuilder builder;
  builder.Linked("https://x.page.link/a", "x.page.link/a");
  EXPECT_EQ(Said(kLinkTextMismatch, Gathered(builder, &expander)), "");
}

TEST(UrlShortenerDisabled, FailsWhereTheShortenerSaysSo) {
  FakeExpander expander(
      {{"https://sho.rt/off",
        {.result = Expansion::Result::kDisabled, .reason = "it says so"}},
       {"https://sho.rt/gone",
        {.result = Expansion::Result::kGone, .reason = "sho.rt answers 404"}},
       {"https://sho.rt/on", Target("https://x.example/")}});
  FactsBuilder off, gone, on, silent;
  off.Linked("https://sho.rt/silent").Linked("https://sho.rt/off");
  gone.Linked("https://sho.rt/gone");
  on.Linked("https://sho.rt/on");
  silent.Linked("https://sho.rt/silent");
  EXPECT_EQ(Said(kUrlShortenerDisabled, Gathered(off, &expander)),
            "https://sho.rt/off: it says so");
  EXPECT_EQ(Said(kUrlShortenerDisabled, Gathered(gone, &expander)), "");
  EXPECT_EQ(Said(kUrlShortenerDisabled, Gathered(on, &expander)), "");
  EXPECT_EQ(Said(kUrlShortenerDisabled, Gathered(silent, &expander)),
            "unknown: https://sho.rt/silent: no answer");
  EXPECT_EQ(Said(kUrlShortenerGone, Gathered(gone, &expander)),
            "https://sho.rt/gone: sho.rt answers 404");
  EXPECT_EQ(Said(kUrlShortenerGone, Gathered(silent, &expander)), "");
  EXPECT_EQ(Said(kUrlShortenerAvoidable, Gathered(on, &expander)),
            "https://sho.rt/on leads to https://x.example/");
  EXPECT_EQ(Said(kUrlShortenerAvoidable, Gathered(off, &expander)), "");
}

TEST(UrlShortenerChained, FailsWhereOneLedToAnother) {
  Expansion chained = Target("https://x.example/");
  chained.via = "other.rt";
  FakeExpander expander({{"https://sho.rt/a", chained}});
  FactsBuilder builder;
  builder.Linked("https://sho.rt/a");
  EXPECT_EQ(Said(kUrlShortenerChained, Gathered(builder, &expander)),
            "sho.rt leads to other.rt");
}

// Through the whole gate, with links.replace.
Judgement Judged(const std::string& html, FakeExpander* expander,
                 const std::string& options = "replace = true") {
  Result<Config> config = ParseConfig(
      "mode = \"enforce\"\n[links]\nexpand = true\n" + options + "\n",
      "test.toml", {});
  EXPECT_TRUE(config);
  const auto rulebook = MakeRulebook(*std::move(config));
  EXPECT_TRUE(rulebook);
  const auto dns = ScriptedDns::Parse("receiver.example A 192.0.2.1", "zone");
  const SystemClock clock;
  const Gate gate({.dns = dns->get(), .clock = &clock, .expander = expander});
  Message message;
  message.envelope.mail_from = "a@example.com";
  message.envelope.recipients = {{"carol@receiver.example", {}}};
  message.header.Receive("From", " a@example.com");
  message.header.Receive("MIME-Version", " 1.0");
  message.header.Receive("Content-Type", " text/html; charset=us-ascii");
  message.body = Body::FromString(html);
  TransactionLimits limits;
  return gate.JudgeMessage(std::move(message), **rulebook, std::nullopt,
                           &limits, In(std::chrono::minutes(1)));
}

bool Found(const Judgement& judgement, std::string_view check, bool is_mended) {
  return std::ranges::any_of(
      judgement.decision.findings, [&](const Finding& finding) {
        return finding.check == check && finding.is_mended == is_mended;
      });
}

TEST(ShortLinks, AreReplacedByTheirTargets) {
  FakeExpander expander(
      {{"https://bit.ly/3abc", Target("https://www.example.net/a?b=1&c=2")}});
  const Judgement judgement = Judged(
      "<p>Go to <a href=\"https://bit.ly/3abc\">bit.ly/3abc</a>.</p>\r\n",
      &expander);
  EXPECT_EQ(judgement.decision.message.body.bytes(),
            "<p>Go to <a href=\"https://www.example.net/a?b=1&amp;c=2\">"
            "www.example.net/a?b=1&amp;c=2</a>.</p>\r\n");
  EXPECT_TRUE(Found(judgement, "url-shortener-avoidable", true));
  EXPECT_FALSE(Found(judgement, "url-shortener", false));
}

TEST(ShortLinks, AreNotReplacedWhereNobodyKnowsOrWantsIt) {
  FakeExpander expander(
      {{"https://bit.ly/3abc", Target("https://www.example.net/")},
       {"https://bit.ly/js", Target("javascript:alert(1)")},
       {"https://bit.ly/page", Target("https://me.pages.dev/")}});
  for (const std::string url :
       {"https://bit.ly/3abcd", "https://bit.ly/js", "https://bit.ly/page",
        "https://bit.ly/3abc?carol"}) {
    const std::string html = "<a href=\"" + url + "\">on</a>\r\n";
    const Judgement judgement = Judged(html, &expander);
    EXPECT_EQ(judgement.decision.message.body.bytes(), html);
    EXPECT_TRUE(Found(judgement, "url-shortener", false));
  }
  const std::string html = "<a href=\"https://bit.ly/3abc\">on</a>\r\n";
  EXPECT_EQ(Judged(html, &expander, "").decision.message.body.bytes(), html);
}

TEST(ShortLinks, AreNotReplacedWithinLongerOnes) {
  FakeExpander expander(
      {{"https://bit.ly/3abc", Target("https://www.example.net/")}});
  const Judgement judgement = Judged(
      "<a href=\"https://bit.ly/3abc\">on</a> "
      "<a href=\"https://bit.ly/3abcd\">on</a> x.bit.ly/3abc\r\n",
      &expander);
  EXPECT_EQ(judgement.decision.message.body.bytes(),
            "<a href=\"https://www.example.net/\">on</a> "
            "<a href=\"https://bit.ly/3abcd\">on</a> x.bit.ly/3abc\r\n");
}

}  // namespace
}  // namespace postern
