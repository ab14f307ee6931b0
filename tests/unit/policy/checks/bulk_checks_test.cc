#include <gtest/gtest.h>

#include "policy/checks/catalogue.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

// A mailing with these fields, read as Gather reads it; its host resolves.
Facts Mailing(FactsBuilder builder) {
  builder.facts().is_bulk = true;
  Facts facts = builder.Build();
  facts.bulk.unsubscribe = ReadListUnsubscribe(facts.message->header);
  return facts;
}

const StreamConfig& Told() {
  static const StreamConfig stream = [] {
    StreamConfig made;
    made.name = "news";
    made.headers.feedback_id = "a:b";
    made.headers.auto_submitted = "auto-generated";
    return made;
  }();
  return stream;
}

TEST(ListUnsubscribeMissing, ConcernsMailingsAlone) {
  EXPECT_TRUE(kListUnsubscribeMissing.run(FactsBuilder().Build()).empty());
  EXPECT_FALSE(kListUnsubscribeMissing.run(Mailing(FactsBuilder())).empty());
}

TEST(ListUnsubscribeMissing, WantsAUri) {
  EXPECT_TRUE(kListUnsubscribeMissing
                  .run(Mailing(FactsBuilder().Field("List-Unsubscribe",
                                                    "<mailto:a@b.example>")))
                  .empty());
  const auto verdicts = kListUnsubscribeMissing.run(
      Mailing(FactsBuilder().Field("List-Unsubscribe", "write to us")));
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(verdicts[0].detail, "List-Unsubscribe without a URI in <>");
}

struct OneClickCase {
  const char* uris;
  const char* post;
  const char* detail;  // "": it passes
};

TEST(OneClickIncomplete, WantsOneHttpsUriAndThePost) {
  const OneClickCase kCases[] = {
      {"<https://a.example/u>", "List-Unsubscribe=One-Click", ""},
      {"<mailto:a@b.example>, <https://a.example/u>",
       "List-Unsubscribe=One-Click", ""},
      {"<mailto:a@b.example>", "List-Unsubscribe=One-Click", "no https: URI"},
      {"<http://a.example/u>", "List-Unsubscribe=One-Click", "no https: URI"},
      {"<https://a.example/u>, <https://b.example/u>",
       "List-Unsubscribe=One-Click", "2 https: URIs"},
      {"<https://a.example/u>", nullptr, "no List-Unsubscribe-Post"},
      {"<https://a.example/u>", "List-Unsubscribe=one-click",
       "List-Unsubscribe-Post: List-Unsubscribe=one-click"},
  };
  for (const OneClickCase& one : kCases) {
    FactsBuilder builder;
    builder.Field("List-Unsubscribe", one.uris);
    if (one.post != nullptr) builder.Field("List-Unsubscribe-Post", one.post);
    const auto verdicts = kOneClickIncomplete.run(Mailing(builder));
    EXPECT_EQ(verdicts.empty() ? "" : verdicts[0].detail, one.detail)
        << one.uris;
  }
  EXPECT_TRUE(kOneClickIncomplete.run(Mailing(FactsBuilder())).empty());
  EXPECT_TRUE(
      kOneClickIncomplete
          .run(FactsBuilder().Field("List-Unsubscribe", "<mailto:a@b>").Build())
          .empty());
}

TEST(UnsubscribeLinkMissing, PassesWithWordsOrALink) {
  Facts facts = Mailing(FactsBuilder());
  EXPECT_FALSE(kUnsubscribeLinkMissing.run(facts).empty());
  facts.content.phrases = {{PhraseClass::kUnsubscribe, "unsub", false}};
  EXPECT_TRUE(kUnsubscribeLinkMissing.run(facts).empty());
  facts.content.phrases.clear();
  facts.links.Add({.url = "https://a.example/unsubscribe?x"});
  EXPECT_TRUE(kUnsubscribeLinkMissing.run(facts).empty());
  facts.links = {};
  facts.links.Add({.url = "https://a.example/7f3", .host = "a.example"});
  EXPECT_FALSE(kUnsubscribeLinkMissing.run(facts).empty());
  facts.bulk.unsubscribe.uris = {"https://a.example/7f3"};
  EXPECT_TRUE(kUnsubscribeLinkMissing.run(facts).empty());
}

TEST(UnsubscribeLinkMissing, DoesNotKnowWhatWasNotSearched) {
  Facts facts = Mailing(FactsBuilder());
  facts.content.is_undecided = true;
  ASSERT_EQ(kUnsubscribeLinkMissing.run(facts).size(), 1U);
  EXPECT_EQ(kUnsubscribeLinkMissing.run(facts)[0].outcome, Outcome::kUnknown);
}

TEST(ListIdMissing, ConcernsMailingsWithoutIt) {
  EXPECT_FALSE(kListIdMissing.run(Mailing(FactsBuilder())).empty());
  EXPECT_TRUE(
      kListIdMissing
          .run(Mailing(FactsBuilder().Field("List-Id", "<a.b.example>")))
          .empty());
  EXPECT_TRUE(kListIdMissing.run(FactsBuilder().Build()).empty());
}

TEST(AutoSubmittedMissing, WantsEvidence) {
  EXPECT_TRUE(kAutoSubmittedMissing.run(FactsBuilder().Build()).empty());
  EXPECT_FALSE(kAutoSubmittedMissing
                   .run(FactsBuilder().Field("X-Autoreply", "yes").Build())
                   .empty());
  EXPECT_FALSE(
      kAutoSubmittedMissing
          .run(FactsBuilder().Field("Precedence", "auto_reply").Build())
          .empty());
  EXPECT_TRUE(kAutoSubmittedMissing
                  .run(FactsBuilder()
                           .Field("X-Autoreply", "yes")
                           .Field("Auto-Submitted", "auto-replied")
                           .Build())
                  .empty());
  Facts told = FactsBuilder().Build();
  told.stream = {"news", &Told()};
  EXPECT_FALSE(kAutoSubmittedMissing.run(told).empty());
  told.is_bulk = true;
  EXPECT_TRUE(kAutoSubmittedMissing.run(told).empty());
}

TEST(StreamFieldMissing, ConcernsWhatTheStreamGives) {
  Facts facts = FactsBuilder().Build();
  EXPECT_TRUE(kStreamFieldMissing.run(facts).empty());
  facts.stream = {"news", &Told()};
  EXPECT_FALSE(kStreamFieldMissing.run(facts).empty());
  Facts has = FactsBuilder().Field("Feedback-ID", "x").Build();
  has.stream = {"news", &Told()};
  EXPECT_TRUE(kStreamFieldMissing.run(has).empty());
}

TEST(UnsubscribeHostUnusable, TellsNoFromUnknown) {
  Facts facts = Mailing(FactsBuilder());
  facts.bulk.host = "u.example";
  const auto outcome = [&](UnsubscribeHost state) {
    facts.bulk.host_state = state;
    return kUnsubscribeHostUnusable.run(facts);
  };
  EXPECT_TRUE(outcome(UnsubscribeHost::kNone).empty());
  EXPECT_TRUE(outcome(UnsubscribeHost::kResolves).empty());
  EXPECT_EQ(outcome(UnsubscribeHost::kNxDomain).at(0).outcome, Outcome::kFail);
  EXPECT_EQ(outcome(UnsubscribeHost::kNoAddress).at(0).outcome, Outcome::kFail);
  EXPECT_EQ(outcome(UnsubscribeHost::kUnknown).at(0).outcome,
            Outcome::kUnknown);
  facts.bulk.is_plain_http = true;
  EXPECT_FALSE(outcome(UnsubscribeHost::kResolves).empty());
}

TEST(BulkWithoutHeaders, CountsRecipients) {
  FactsBuilder builder;
  for (int i = 0; i < 49; ++i)
    builder.Recipient("a" + std::to_string(i) + "@x.example",
                      MailDomain::kHasMx);
  EXPECT_TRUE(kBulkWithoutHeaders.run(builder.Build()).empty());
  builder.Recipient("last@x.example", MailDomain::kHasMx);
  EXPECT_FALSE(kBulkWithoutHeaders.run(builder.Build()).empty());
  builder.facts().is_bulk = true;
  EXPECT_TRUE(kBulkWithoutHeaders.run(builder.Build()).empty());
}

TEST(ReadListUnsubscribe, ReadsWhatIsInBrackets) {
  Header header;
  header.Receive("List-Unsubscribe",
                 " (by mail) <mailto:a@b.example?subject=x>,\n "
                 "<https://b.example/u?a=1,\n 2>");
  const ListUnsubscribe read = ReadListUnsubscribe(header);
  ASSERT_EQ(read.uris.size(), 2U);
  EXPECT_EQ(read.uris[1], "https://b.example/u?a=1,2");
  EXPECT_EQ(read.HttpsUri(), "https://b.example/u?a=1,2");
  EXPECT_EQ(read.https, 1U);
}

TEST(ReadListUnsubscribe, IsBounded) {
  Header header;
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "<https://b.example/>,";
  header.Receive("List-Unsubscribe", many);
  EXPECT_EQ(ReadListUnsubscribe(header).uris.size(),
            ListUnsubscribe::kMostUris);
  Header open;
  open.Receive("List-Unsubscribe", " <https://b.example/");
  EXPECT_TRUE(ReadListUnsubscribe(open).uris.empty());
}

}  // namespace
}  // namespace postern
