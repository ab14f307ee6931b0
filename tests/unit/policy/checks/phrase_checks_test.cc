#include <gtest/gtest.h>

#include "policy/checks/catalogue.h"
#include "policy/config/load.h"
#include "policy/facts/text.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

const Config& BuiltIn() {
  static const Config config = DefaultConfig();
  return config;
}

// A message with this subject and text, searched with the built-in lists.
Facts Searched(FactsBuilder builder, const std::string& text) {
  Facts facts = builder.Build();
  facts.config = &BuiltIn();
  facts.mime.parts.push_back({.type = "text/plain", .text = text});
  GatherText(nullptr, &facts);
  GatherPhrases(&facts);
  return facts;
}

FactsBuilder From(const std::string& author) {
  return FactsBuilder().From(author);
}

struct PhishingCase {
  const char* what;
  const char* author;
  const char* subject;
  const char* text;
  bool fails;
};

TEST(CredentialPhishing, WantsBrandPhraseAndForeignLink) {
  const PhishingCase kCases[] = {
      {"brand as name", "\"PayPal Service\" <a@example.org>", "Notice",
       "Please verify your account: https://evil.example.net/login", true},
      {"brand in subject", "Bob <a@example.org>",
       "Your Netflix account has been suspended",
       "Restore it at https://evil.example.net/", true},
      {"brand in the body, both classes", "IT <a@example.org>", "Mailbox",
       "Your Microsoft mailbox will be deactivated within 24 hours.\n"
       "Click here to verify https://evil.example.net/x",
       true},
      {"brand in the body, one class", "IT <a@example.org>", "Mailbox",
       "Pay with PayPal. Please verify your account: "
       "https://evil.example.net/x",
       false},
      {"the brand's own link", "Bob <a@example.org>", "PayPal",
       "Please verify your account: https://www.paypal.com/signin", false},
      {"the author's own link", "PayPal <a@example.org>", "Notice",
       "Please verify your account: https://shop.example.org/x", false},
      {"no link", "PayPal <a@example.org>", "Notice",
       "Please verify your account.", false},
      {"no phrase", "PayPal <a@example.org>", "Notice",
       "See https://evil.example.net/", false},
  };
  for (const PhishingCase& one : kCases) {
    const Facts facts =
        Searched(From(one.author).Field("Subject", one.subject), one.text);
    EXPECT_EQ(!kCredentialPhishing.run(facts).empty(), one.fails) << one.what;
  }
}

TEST(CredentialPhishing, PassesForTheBrandItself) {
  FactsBuilder builder = From("PayPal <service@paypal.com>");
  builder.facts().author_domain = Domain::Parse("paypal.com");
  EXPECT_TRUE(kCredentialPhishing
                  .run(Searched(builder,
                                "Please verify your account within 24 hours: "
                                "https://t.esp.example/x"))
                  .empty());
}

TEST(ScamPhrases, WantSeveral) {
  const std::string extortion =
      "I have hacked your device and recorded a video of you.\n"
      "I made it with your webcam. Pay 900 USD in bitcoin to my bitcoin\n"
      "wallet, or I will send the video to all your contacts.\n";
  EXPECT_FALSE(
      kScamPhrases.run(Searched(From("a@example.org"), extortion)).empty());
  EXPECT_TRUE(
      kScamPhrases
          .run(Searched(From("a@example.org"),
                        "We accept bitcoin; pay with bitcoin at the till."))
          .empty());
  EXPECT_FALSE(
      kScamPhrases
          .run(Searched(From("a@example.org"),
                        "I am a barrister. My late client left an inheritance "
                        "fund of 10.5 million dollars, strictly confidential."))
          .empty());
}

TEST(TemplateUnexpanded, WantsAMailingOrTwoKinds) {
  const auto fails = [](const std::string& subject, const std::string& text,
                        bool is_bulk) {
    FactsBuilder builder = From("a@example.org").Field("Subject", subject);
    builder.facts().is_bulk = is_bulk;
    return !kTemplateUnexpanded.run(Searched(builder, text)).empty();
  };
  EXPECT_FALSE(fails("Hello {{ first_name }}", "x", false));
  EXPECT_TRUE(fails("Hello", "Dear %%FirstName%%", true));
  EXPECT_TRUE(fails("Hello", "Dear null, your ${order.id}", false));
  EXPECT_FALSE(fails("Hello", "use {{ name }} here", false));
  EXPECT_FALSE(fails("100% of {people}", "[1] see below ## Heading", true));
  EXPECT_FALSE(fails("A 50%-off %-sign", "f(x) { return [name]; }", true));
}

TEST(SubjectShouting, KnowsFourWays) {
  const auto fails = [](const std::string& subject) {
    return !kSubjectShouting
                .run(FactsBuilder().Field("Subject", subject).Build())
                .empty();
  };
  EXPECT_TRUE(fails("BUY THIS NOW TODAY"));
  EXPECT_TRUE(fails("get it F R E E now"));
  EXPECT_TRUE(fails("really?!"));
  EXPECT_TRUE(fails("make $$ fast"));
  EXPECT_FALSE(fails("RE: PO 4711"));
  EXPECT_FALSE(fails("URGENT"));
  EXPECT_FALSE(fails("Invoice $40 due!"));
  EXPECT_FALSE(fails("=?utf-8?Q?A?!?="));
  EXPECT_TRUE(kSubjectShouting.run(FactsBuilder().Build()).empty());
}

TEST(SecondOpinion, TellsScoresFromFive) {
  Facts facts = FactsBuilder().Build();
  EXPECT_TRUE(kSecondOpinion.run(facts).empty());
  facts.second_opinions = {
      {.filter = "rspamd", .is_known = true, .score = 4.9, .threshold = 15}};
  EXPECT_TRUE(kSecondOpinion.run(facts).empty());
  facts.second_opinions.push_back({.filter = "spamd",
                                   .is_known = true,
                                   .score = 7.25,
                                   .threshold = 5,
                                   .symbols = "GTUBE"});
  ASSERT_EQ(kSecondOpinion.run(facts).size(), 1U);
  EXPECT_EQ(kSecondOpinion.run(facts)[0].detail, "spamd: 7.2 of 5.0 (GTUBE)");
}

TEST(SecondOpinion, DoesNotKnowWhenAFilterIsDown) {
  Facts facts = FactsBuilder().Build();
  facts.second_opinions = {{.filter = "rspamd", .fault = "connect: refused"}};
  ASSERT_EQ(kSecondOpinion.run(facts).size(), 1U);
  EXPECT_EQ(kSecondOpinion.run(facts)[0].outcome, Outcome::kUnknown);
}

TEST(GatherPhrases, SearchesNothingWhereAllItsChecksAreOff) {
  Config config = BuiltIn();
  for (const char* check : {"template-unexpanded", "credential-phishing",
                            "scam-phrases", "unsubscribe-link-missing"})
    config.checks[check].action = Action::kOff;
  Facts facts =
      FactsBuilder().Field("Subject", "Hello {{ first_name }}").Build();
  facts.config = &config;
  GatherPhrases(&facts);
  EXPECT_TRUE(facts.content.phrases.empty());
}

TEST(GatherPhrases, SaysWhereItStopped) {
  const Facts facts =
      Searched(From("a@example.org"),
               std::string(ContentFact::kMostOctets, 'x') + " unsubscribe");
  EXPECT_TRUE(facts.content.is_undecided);
  for (const Check* check :
       {&kCredentialPhishing, &kScamPhrases, &kTemplateUnexpanded}) {
    const std::vector<Verdict> verdicts = check->run(facts);
    ASSERT_EQ(verdicts.size(), 1U) << check->id;
    EXPECT_EQ(verdicts[0].outcome, Outcome::kUnknown) << check->id;
  }
}

}  // namespace
}  // namespace postern
