#include <gtest/gtest.h>

#include "policy/remedies/remedy.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

StreamConfig News() {
  StreamConfig stream;
  stream.name = "news";
  stream.headers.unsubscribe_url =
      "https://u.example/{stream}?a={recipient}&t={token}";
  stream.headers.list_id = "News <news.{domain}>";
  stream.headers.feedback_id = "{stream}:{domain}";
  stream.headers.precedence = "bulk";
  stream.headers.token_secrets = {"0123456789abcdef"};
  return stream;
}

Facts ForNews(FactsBuilder builder, const StreamConfig& stream) {
  builder.facts().is_bulk = true;
  builder.facts().stream = {stream.name, &stream};
  Facts facts = builder.Build();
  facts.bulk.unsubscribe = ReadListUnsubscribe(facts.message->header);
  return facts;
}

FactsBuilder ToOne() {
  return FactsBuilder().Recipient("bob+x@receiver.example", MailDomain::kHasMx);
}

std::string FieldOf(const Message& message, const char* name) {
  const HeaderField* field = message.header.Find(name);
  return field == nullptr ? "" : field->Unfolded();
}

TEST(AddListUnsubscribe, MakesOneClickComplete) {
  const StreamConfig stream = News();
  const Facts facts = ForNews(ToOne(), stream);
  Message message = *facts.message;
  ASSERT_TRUE(AddListUnsubscribe(facts, &message));
  // printf 'news bob+x@receiver.example' |
  //   openssl dgst -sha256 -hmac 0123456789abcdef
  EXPECT_EQ(FieldOf(message, "List-Unsubscribe"),
            "<https://u.example/news?a=bob%2Bx%40receiver.example&t="
            "3bbb3d917bf9eb39d6916fed63563f33>");
  EXPECT_TRUE(ReadListUnsubscribe(message.header).IsOneClick());
}

TEST(AddListUnsubscribe, KeepsTheAddressToWriteTo) {
  const StreamConfig stream = News();
  const Facts facts = ForNews(
      ToOne().Field("List-Unsubscribe", "<mailto:leave@a.example>"), stream);
  Message message = *facts.message;
  ASSERT_TRUE(AddListUnsubscribe(facts, &message));
  const ListUnsubscribe read = ReadListUnsubscribe(message.header);
  ASSERT_EQ(read.uris.size(), 2U);
  EXPECT_EQ(read.uris[1], "mailto:leave@a.example");
  EXPECT_EQ(message.header.Count("List-Unsubscribe"), 1U);
}

TEST(AddListUnsubscribe, LeavesWhatIsNotItsOwn) {
  const StreamConfig stream = News();
  const auto adds = [&](const Facts& facts) {
    Message message = *facts.message;
    return AddListUnsubscribe(facts, &message);
  };
  // Two recipients cannot have one link.
  EXPECT_FALSE(adds(ForNews(
      ToOne().Recipient("c@receiver.example", MailDomain::kHasMx), stream)));
  EXPECT_FALSE(adds(ForNews(
      ToOne().Field("List-Unsubscribe", "<https://own.example/>"), stream)));
  Facts forwarded = ForNews(ToOne(), stream);
  forwarded.is_forwarded = true;
  EXPECT_FALSE(adds(forwarded));
  FactsBuilder covered = ToOne().Dkim(DkimResult::kPass);
  covered.facts().dkim[0].signed_headers = {"list-unsubscribe"};
  EXPECT_FALSE(adds(ForNews(covered, stream)));
  EXPECT_FALSE(adds(ToOne().Build()));
}

TEST(AddListUnsubscribe, ServesSeveralRecipientsWithOneForAll) {
  StreamConfig stream = News();
  stream.headers.unsubscribe_url = "https://u.example/leave";
  const Facts facts = ForNews(
      ToOne().Recipient("c@receiver.example", MailDomain::kHasMx), stream);
  Message message = *facts.message;
  EXPECT_TRUE(AddListUnsubscribe(facts, &message));
}

TEST(StreamFields, AreFilledIn) {
  const StreamConfig stream = News();
  const Facts facts = ForNews(ToOne(), stream);
  Message message = *facts.message;
  EXPECT_TRUE(AddListId(facts, &message));
  EXPECT_TRUE(AddStreamFields(facts, &message));
  EXPECT_EQ(FieldOf(message, "List-Id"), "News <news.example.org>");
  EXPECT_EQ(FieldOf(message, "Feedback-ID"), "news:example.org");
  EXPECT_EQ(FieldOf(message, "Precedence"), "bulk");
  EXPECT_FALSE(AddListId(facts, &message));
  EXPECT_FALSE(AddStreamFields(facts, &message));
}

TEST(StreamFields, NeverBreakALine) {
  StreamConfig stream = News();
  stream.headers.feedback_id = "{recipient}";
  const Facts facts = ForNews(
      FactsBuilder().Recipient("a\r\nX: y@b.example", MailDomain::kHasMx),
      stream);
  Message message = *facts.message;
  (void)AddStreamFields(facts, &message);
  EXPECT_EQ(message.header.Find("Feedback-ID"), nullptr);
}

TEST(AddAutoSubmitted, SaysWhatKind) {
  const Facts answer =
      ToOne().MailFrom("a@example.org").Field("X-Autoreply", "yes").Build();
  Message message = *answer.message;
  ASSERT_TRUE(AddAutoSubmitted(answer, &message));
  EXPECT_EQ(FieldOf(message, "Auto-Submitted"), "auto-replied");
  StreamConfig stream = News();
  stream.headers.auto_submitted = "auto-generated";
  Facts report = ToOne().MailFrom("a@example.org").Build();
  report.stream = {"news", &stream};
  message = *report.message;
  ASSERT_TRUE(AddAutoSubmitted(report, &message));
  EXPECT_EQ(FieldOf(message, "Auto-Submitted"), "auto-generated");
}

}  // namespace
}  // namespace postern
